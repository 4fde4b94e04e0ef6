npx rolldown proto/facts.ts --platform node -o proto/$1.mjs >/dev/null 2>&1
