let users = 0;

/** For an exchange that commands are run against: an account is locked by its user on the whole machine, where a second suite may run. */
export function userOfItsOwn(): { readonly firstUserId: number } {
  users += 1;
  return { firstUserId: 1000 * process.pid + users };
}
