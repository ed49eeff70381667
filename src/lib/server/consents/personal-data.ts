// What consents hold about a person: every agreement given or taken back, as it was read, its receipt, the papers on file.
import type { Context } from '../context.ts';
import type { Part, PersonalDataContract, Row } from '../personal-data-contract.ts';
import { evidence, evidenceContent, find, history, receiptOf, type Decision } from './consents.ts';
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
const evidenceFields = {
	id: 'text',
	at: 'instant',
	type: 'text',
	bytes: 'number',
	sha256: 'text',
	content: 'text'
};
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

function evidencePart(ctx: Context, personId: string, id: string): Part {
	return {
		path: `sharing/evidence/${id}`,
		category,
		source: 'portal',
		series: 'sharing/evidence',
		expected: 1,
		shape: 'document',
		fields: Object.entries(evidenceFields).map(([id, type]) => ({ id, type, label: id })),
		async *pages() {
			const paper = await evidence(ctx, personId, id);
			const content = await evidenceContent(ctx, personId, id);
			if (paper && content) yield [{ ...paper, content: content.toString('base64') }];
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
		const papers = await selectEvidenceIds(ctx, personId);
		return [
			await decisionsPart(ctx, personId),
			...receipts.map(({ id }) => receiptPart(ctx, personId, id)),
			...papers.map(({ id }) => evidencePart(ctx, personId, id))
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
