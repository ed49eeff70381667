// Promise: a person's ways in are theirs alone: seen, changed and ended by them, and unreadable to everybody else.
// The face of accounts: what pages, commands and other domains may ask for.
export type { Person } from './people.ts';
export type { Session, SessionSummary, Device } from './sessions.ts';
export type { DeviceName } from './devices.ts';
export type { DemonstrationSignIn } from './sign-in.ts';
export { demonstrationPassword, demonstrationSignIns, lookUp, signIn } from './sign-in.ts';
export { identifiersOf, type Identifier } from './identifiers.ts';
export { changePassword } from './password-change.ts';
export { nameOf as nameOfDevice } from './devices.ts';
export { endOtherSessions, endSession, signOut } from './session-ends.ts';
export * as identifierChanges from './identifier-changes.ts';
export * as recovery from './recovery.ts';
export * as messageSignIn from './message-sign-in.ts';
export * as contactProof from './contact-proof.ts';
export * as guardianship from './guardianship.ts';
export * as stepUp from './step-up/step-up.ts';
export { find, findByExternalId } from './people.ts';
export { amend, setGuardians, type Amendment } from './amendment.ts';
export { idsByExternal, inventedId, registerMany, type NewPerson, type Registered } from './registration.ts';
export { fitsHash, hashPassword } from './passwords.ts';
export { problemOf as passwordProblem, type PasswordProblem } from './password-rules.ts';
export { forgetFailures, takeTry } from './guesses.ts';
