// A decision as its reader sees it: who made it, what was read, what the partner said, what there is to take along.
import * as consents from '$lib/server/consents/consents';
import * as delivery from '$lib/server/delivery/delivery';
import { partnerOf } from '$lib/server/organisation/lookup';
import { partnerName } from '../sharing/names';

export interface ShownDecision {
	id: string;
	partner: string;
	name: string;
	/** "Your guardian agreed for you". */
	title: string;
	granted: boolean;
	imported: boolean;
	research: boolean;
	at: string;
	/** As it was read, in the language of that day. */
	words: string;
	language: string;
	fields: string[];
	/** What the partner said when it was told of a withdrawal. */
	effect: string | undefined;
	/** The paper on file: what kind it is, and how large. */
	evidence: string | undefined;
}

function titleOf({ translation: { t } }: App.Locals, { decision, givenBy }: consents.Decision): string {
	const name = givenBy?.name ?? t('consents:school');
	return t(`consents:${decision === 'granted' ? 'given' : 'withdrawn'}.${givenBy?.kind ?? 'person'}`, {
		name
	});
}

async function effectOf(locals: App.Locals, decision: consents.Decision): Promise<string | undefined> {
	const { ctx, person, translation } = locals;
	if (decision.decision !== 'withdrawn') return undefined;
	const matter = consents.matterOf(decision.id);
	const [told] = await delivery.toldPartners(ctx, person.id, matter);
	return (
		told &&
		translation.t(`consents:effect.${told.state}`, {
			partner: partnerName(locals, decision.partner),
			date: translation.date(told.at),
			since: translation.date(decision.at)
		})
	);
}

async function evidenceOf(
	{ ctx, person, translation: { t, bytes } }: App.Locals,
	{ evidence: id }: consents.Decision
): Promise<string | undefined> {
	const paper = id === undefined ? undefined : await consents.evidence(ctx, person.id, id);
	return paper && t('consents:download', { type: paper.ending.toUpperCase(), size: bytes(paper.bytes) });
}

export async function shown(locals: App.Locals, decision: consents.Decision): Promise<ShownDecision> {
	const { id, partner, at, words, language, fields } = decision;
	return {
		id,
		partner,
		name: partnerName(locals, partner),
		title: titleOf(locals, decision),
		granted: decision.decision === 'granted',
		imported: decision.origin === 'import',
		research: partnerOf(locals.ctx.organisation, partner)?.kind === 'research',
		at,
		words,
		language,
		fields: fields.map(({ label }) => label),
		effect: await effectOf(locals, decision),
		evidence: await evidenceOf(locals, decision)
	};
}
