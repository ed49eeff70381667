// Promise: whoever answers for a child sees what is held of it and decides for it, until the child can; and a child nobody agreed for is left alone.
// The face of families: what pages and other domains may ask for.
export {
	ask,
	awaited,
	confirmByCode,
	decideAlone,
	decidePartner,
	withdraw,
	type Asking
} from './consenting.ts';
export { consentCase, decideAsked, openEvidence, waitingConsents, type Case } from './confirming.ts';
export { history, noteActed, type Decision } from './ledger.ts';
export { close, lockFor, locksOf, release, reportCase, reports, type ReportCase } from './locks.ts';
export { offerOf, type Offer } from './offer.ts';
export { report } from './reports.ts';
export { actingFor, isShown, wardOf, wards, type Ward } from './rights.ts';
export {
	askedOf,
	askEvidence,
	bringEvidence,
	evidenceRequests,
	register,
	requestsAbout,
	schoolConsents,
	type EvidenceRequest
} from './schools.ts';
export { mayPassOn, standingOf, type Standing } from './standing.ts';
export { waysFor, type Way } from './ways.ts';
