// What a change means to the reader's own data, in sentences.
import { categoryOf, partnerOf, purposeOf } from '$lib/server/organisation/lookup';
import * as policies from '$lib/server/policies/policies';

type Locals = Pick<App.Locals, 'ctx' | 'translation' | 'visitor'>;

function namesOf({ ctx, translation: { text, list } }: Locals, codes: readonly string[]): string {
	const names = codes.map((code) => {
		const [id, field] = code.split('.') as [string, string];
		return text(categoryOf(ctx.organisation, id)?.fields.find((described) => described.id === field)?.label);
	});
	return list([...new Set(names)]);
}

function receivedSentence(locals: Locals, effect: policies.Effect & { kind: 'received' }): string {
	const { ctx, translation } = locals;
	const { t, text, country, date } = translation;
	const partner = partnerOf(ctx.organisation, effect.partner);
	const { state, since } = effect.consent ?? {};
	const told = t('policy:affects.received', {
		partner: partner?.name ?? effect.partner,
		country: country(partner?.country ?? ''),
		fields: namesOf(locals, effect.codes),
		purpose: text(purposeOf(ctx.organisation, partner?.purpose ?? '')?.label)
	});
	return state ? `${told} ${t(`policy:affects.consent.${state}`, { date: date(since ?? '') })}` : told;
}

function sentence(locals: Locals, effect: policies.Effect): string {
	const { ctx, translation } = locals;
	const { t, text, list } = translation;
	const label = (category: string) => text(categoryOf(ctx.organisation, category)?.label);
	if (effect.kind === 'received') return receivedSentence(locals, effect);
	if (effect.kind === 'purpose')
		return t('policy:affects.purpose', {
			purpose: text(purposeOf(ctx.organisation, effect.purpose)?.label),
			categories: list(effect.categories.map(label))
		});
	return t('policy:affects.collected', {
		category: label(effect.category),
		fields: namesOf(
			locals,
			effect.fields.map((field) => `${effect.category}.${field}`)
		),
		count: effect.entries
	});
}

/** Why the versions concern a signed-in reader; undefined for anybody else, empty where they don't. */
export async function affects(
	locals: Locals,
	versions: Parameters<typeof policies.effects>[2]
): Promise<string[] | undefined> {
	if (!locals.visitor) return undefined;
	const found = await policies.effects(locals.ctx, locals.visitor, versions);
	return found.map((effect) => sentence(locals, effect));
}
