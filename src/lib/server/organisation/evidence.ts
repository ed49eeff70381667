// The live evidence that a promise may name; promises/ works each of them out.

export const evidenceCodes = [
	'described',
	'recipients',
	'cookies',
	'requests',
	'complaints',
	'corrections',
	'disclosures',
	'consents',
	'family-consents',
	'child-reports',
	'opt-outs',
	'exports',
	'erasures',
	'retention',
	'policies',
	'drills',
	'staff',
	'controls',
	'backups',
	'sealed',
	'activity'
] as const;

export type EvidenceCode = (typeof evidenceCodes)[number];
