import { Option } from 'commander';

/** `use`: what the server is for. Its value is true without a URL. */
export function redisOption(use: string): Option {
  return new Option('--redis [url]', `${use}, such as redis://10.0.0.5:6379; without a URL that of MM_REDIS_URL`);
}
