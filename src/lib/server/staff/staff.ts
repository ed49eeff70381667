// Promise: only who the organisation named may look, under a name, a role and a reason of their own, and never unseen.
// The face of staff: what pages and commands may ask for.
export { add, demonstrationStaff, list, remove, reset, type Member, type NewMember } from './members.ts';
export { changePassword, signIn, signOut } from './sign-in.ts';
export { lookAt, reasons, search, view, type Look, type Reason } from './looks.ts';
export { log, readLog, type LogEntry } from './log.ts';
export { may, roles, type Permission } from './permissions.ts';
export * as sessions from './sessions.ts';
