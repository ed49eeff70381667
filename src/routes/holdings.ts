// The name of what is held: a category of the description, or what the portal itself keeps about a person.
import { categoryOf } from '$lib/server/organisation/lookup';
import type { IconName } from '$lib/ui/icons';

const icons: Record<string, IconName> = {
	activity: 'activity',
	withdrawals: 'leave',
	exports: 'download',
	messages: 'message',
	sharing: 'share',
	requests: 'message',
	policies: 'document',
	security: 'lock'
};

export function holding(
	{ ctx, translation: { text, t, has } }: App.Locals,
	category: string
): { label: string; about: string; icon: IconName } {
	const described = categoryOf(ctx.organisation, category);
	if (described) return { label: text(described.label), about: text(described.about), icon: described.icon };
	const own = category.replace(/^portal\./, '');
	const known = has(`common:holding.${own}`);
	return { label: known ? t(`common:holding.${own}`) : category, about: '', icon: icons[own] ?? 'document' };
}
