// What consents hold about a person: every agreement given or taken back, as it was read, its receipt, the papers on file.
import type { Context } from '../context.ts';
import { ReadingEnded, type Part, type PersonalDataContract, type Row } from '../personal-data-contract.ts';
import {
	evidence,
	evidenceContent,
	find,
	history,
	receiptOf,
	type Decision,
	type Evidence
} from './consents.ts';
import {
	countConsents,
	countEvidence,
	deleteConsents,
	selectConsentIds,
	selectEvidenceIds,
	selectLatest
} from './queries.ts';

const pageSize = 1_000;
const category = 'portal.sharing';
const fields = {
	at: 'instant',
	partner: 'text',
	decision: 'text',
	words: 'text',
	fields: 'list',
	codes: 'list',
	version: 'text',
	language: 'language',
	origin: 'text',
	givenBy: 'text',
	evidence: 'text'
} as const;
const paperFields = {
	id: 'text',
	at: 'instant',
	type: 'text',
	bytes: 'number',
	sha256: 'text',
	file: 'text'
} as const;
const receiptFields = [
	'format',
	'fields_follow',
	'header',
	'pii_processing',
	'party_identification',
	'event'
];

/** Names to read, codes to process. */
const rowOf = ({ id, fields, about: _, givenBy, evidence, ...decision }: Decision): Row => ({
	id,
	...decision,
	fields: fields.map(({ label }) => label),
	codes: fields.map(({ code }) => code),
	givenBy: givenBy ? `${givenBy.kind}:${givenBy.name ?? givenBy.id}` : null,
	evidence: evidence ?? null
});

async function decisionsPart(ctx: Context, personId: string): Promise<Part> {
	return {
		path: 'sharing/consents',
		category,
		source: 'portal',
		expected: await countConsents(ctx, personId),
		shape: 'document',
		fields: Object.entries({ id: 'text', ...fields }).map(([id, type]) => ({
			id,
			type,
			label: `sharing:field.${id}`
		})),
		async *pages() {
			let before: string | undefined;
			for (;;) {
				const decisions = await history(ctx, personId, { before, limit: pageSize });
				if (decisions.length) yield decisions.map(rowOf);
				if (decisions.length < pageSize) return;
				before = decisions.at(-1)?.id;
			}
		}
	};
}

/** A receipt, alone in its file; the export's own signature covers it. */
function receiptPart(ctx: Context, personId: string, id: string): Part {
	return {
		path: `sharing/receipts/${id}`,
		category,
		source: 'portal',
		series: 'sharing/receipts',
		expected: 1,
		shape: 'document',
		fields: receiptFields.map((id) => ({ id, type: 'any', label: id })),
		async *pages() {
			const decision = await find(ctx, personId, id);
			if (!decision) return;
			yield [{ ...(await receiptOf(ctx, personId, decision)) }];
		}
	};
}

/** Where a paper lies in an export: an id and an ending of ours. */
const pathOf = ({ id, ending }: Evidence): string => `files/evidence/${id}.${ending}`;

async function* papersOf(ctx: Context, personId: string): AsyncGenerator<Evidence> {
	for (const { id } of await selectEvidenceIds(ctx, personId)) {
		const paper = await evidence(ctx, personId, id);
		if (paper) yield paper;
	}
}

function papersPart(ctx: Context, personId: string, expected: number): Part {
	return {
		path: 'sharing/evidence',
		category,
		source: 'portal',
		expected,
		shape: 'table',
		fields: Object.entries(paperFields).map(([id, type]) => ({ id, type, label: `sharing:paper.${id}` })),
		async *pages() {
			for await (const paper of papersOf(ctx, personId)) {
				const { id, at, type, bytes, sha256 } = paper;
				yield [{ id, at, type, bytes, sha256, file: pathOf(paper) }];
			}
		},
		async *files() {
			for await (const paper of papersOf(ctx, personId))
				yield {
					...{ path: pathOf(paper), mediaType: paper.type, name: paper.name },
					async *open() {
						const content = await evidenceContent(ctx, personId, paper.id);
						if (!content) throw new ReadingEnded('gone');
						yield content;
					}
				};
		}
	};
}

export const consentsContract: PersonalDataContract = {
	id: 'consents',
	tables: ['consent', 'consent_evidence'],
	count: async (ctx, personId) => [
		{ category, records: (await countConsents(ctx, personId)) + (await countEvidence(ctx, personId)) }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has(category)) return [];
		const receipts = await selectConsentIds(ctx, personId);
		const papers = await countEvidence(ctx, personId);
		return [
			await decisionsPart(ctx, personId),
			...receipts.map(({ id }) => receiptPart(ctx, personId, id)),
			...(papers ? [papersPart(ctx, personId, papers)] : [])
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteConsents(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => [],
	// Whoever may still receive something is to be told that it ends, whether or not anything went there.
	recipients: async (ctx, personId) =>
		(await selectLatest(ctx, personId))
			.filter(({ decision }) => decision === 'granted')
			.map(({ partner }) => partner)
};
