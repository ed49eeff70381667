// What a file is that a portal gave out, and whether it is as it was given.
import type { JWK } from 'jose';
import { open, readFile } from 'node:fs/promises';
import * as audit from '../lib/server/audit/audit.ts';
import { receiptType, type Receipt } from '../lib/server/consents/consents.ts';
import { readSigned, typeOf } from '../lib/server/platform/keys/checking.ts';
import { exportFormat, verifyExport, verifyManifest } from './verify-export.ts';

export interface Verdict {
	kind:
		'certificate' | 'receipt' | 'signed' | 'manifest' | 'export' | 'locked' | 'activity-proof' | 'unknown';
	/** What it is, in sentences. */
	says: string[];
	/** Volumes of the same export that were not given. */
	notGiven?: number[];
	/** What does not fit, in sentences; none where everything does. */
	problems: string[];
}

const certificateFormat = 'candor-certificate/1';
const zipMark = Buffer.from('504b0304', 'hex');

const unknown: Verdict = {
	kind: 'unknown',
	says: [],
	problems: ['This is nothing that a portal signs, or it was cut.']
};
const unsigned: Verdict = {
	kind: 'certificate',
	says: [],
	problems: ['This is what a certificate says, without its signature. Check the file that ends in .jws.']
};

const ageMark = Buffer.from('age-encryption.org/');
const locked: Verdict = {
	kind: 'locked',
	says: [],
	problems: ['It is locked with a passphrase. Open it first: age --decrypt --output export.zip <file>.']
};

async function beginningOf(path: string): Promise<Buffer> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(ageMark.length), 0, ageMark.length, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await file.close();
	}
}

export const isLocked = async (path: string): Promise<boolean> => (await beginningOf(path)).equals(ageMark);

function parsed(text: string): { format?: unknown } {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? value : {};
	} catch {
		return {};
	}
}

const kinds: Readonly<Record<string, 'certificate' | 'receipt'>> = {
	'candor-certificate+jws': 'certificate',
	[receiptType]: 'receipt'
};

function receiptSays({ header, event, party_identification, pii_processing }: Receipt): string[] {
	const [organisation, partner] = party_identification;
	return [
		`A receipt of a consent, signed: ${event.event_state} ${event.event_time} by ${event.entity} ${event.entity_id}, number ${header.receipt_id}.`,
		`${organisation?.party_name} passes on to ${partner?.party_name}: ${pii_processing.pii_information.map(({ code }) => code).join(', ')}.`
	];
}

/** A certificate, or whatever else stands signed in one text. */
async function verifySigned(text: string, type: string, keys: readonly JWK[]): Promise<Verdict> {
	const kind = kinds[type] ?? 'signed';
	const signed = await readSigned(keys, text.trim());
	if (!signed)
		return {
			kind,
			says: [],
			problems: ['None of these keys signed this text: it was changed, cut, or is foreign.']
		};
	const content = parsed(Buffer.from(signed.payload).toString()) as Record<string, unknown>;
	if (kind === 'receipt') return { kind, says: receiptSays(content as unknown as Receipt), problems: [] };
	if (kind === 'signed') return { kind, says: [`Signed as ${type}.`, JSON.stringify(content)], problems: [] };
	return {
		kind,
		says: [
			`A certificate of destruction, signed: case ${content.sub}, version ${content.version}, issued ${content.issuedAt} by ${content.iss}.`,
			`Erased ${content.erasedAt}.${content.final ? '' : ' A later version closes the case.'}`
		],
		problems: []
	};
}

const proofSentences: Record<audit.ProofProblem['found'], string> = {
	'not-a-proof': 'The file does not have the form of a proof.',
	'head-forged': 'None of these keys signed the head of the tree.',
	'events-missing': 'Events are missing.',
	'event-changed': 'was changed.',
	'path-wrong': 'is not in the tree that was signed.'
};

async function verifyProof(value: unknown, keys: readonly JWK[]): Promise<Verdict> {
	const { events, proved, head, problems } = await audit.checkProof(value, (jws) =>
		audit.readHead(keys, jws)
	);
	const signed = head ? `the head of ${head.size} leaves, ${head.at}` : 'no head yet';
	return {
		kind: 'activity-proof',
		says: [`A proof of ${events} events, of which ${proved} are in the signed tree (${signed}).`],
		problems: problems.map((problem) =>
			'number' in problem
				? `Event ${problem.number} ${proofSentences[problem.found]}`
				: proofSentences[problem.found]
		)
	};
}

export async function verifyFile(path: string, keys: readonly JWK[]): Promise<Verdict> {
	const beginning = await beginningOf(path);
	if (beginning.equals(ageMark)) return locked;
	if (beginning.subarray(0, zipMark.length).equals(zipMark)) {
		const { manifest, ...verdict } = await verifyExport(path, keys);
		const { number = 1, last = 1 } = manifest?.volume ?? {};
		const others = Array.from({ length: last }, (_, index) => index + 1).filter((one) => one !== number);
		return { ...verdict, ...(others.length > 0 && { notGiven: others }) };
	}
	const content = await readFile(path);
	const text = content.toString();
	const type = typeOf(text);
	if (type !== undefined) return verifySigned(text, type, keys);
	const value = parsed(text);
	if (value.format === exportFormat) return verifyManifest(path, content, keys);
	if (value.format === audit.proofFormat) return verifyProof(value, keys);
	return value.format === certificateFormat ? unsigned : unknown;
}
