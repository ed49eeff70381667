// Pages ship no script: every job works with plain HTML, and a page without a script is fast and has nothing to attack.
export const csr = false;
