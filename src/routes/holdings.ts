// The name of what is held: a category of the description, or what the portal itself keeps about a person.
import { categoryOf } from '$lib/server/organisation/lookup';
import type { IconName } from '$lib/ui/icons';

const icons: Record<string, IconName> = {
	activity: 'activity', withdrawals: 'leave', exports: 'download', messages: 'message', sharing: 'share', requests: 'message',
	policies: 'document', account: 'lock'
};

export function holding({ ctx, translation: { text, t, has } }: App.Locals, category: string): { label: string; about: string; icon: IconName } {
	const described = categoryOf(ctx.organisation, category);
	if (described) return { label: text(described.label), about: text(described.about), icon: described.icon };
	const known = has(`common:holding.${category}`);
	return { label: known ? t(`common:holding.${category}`) : category, about: '', icon: icons[category] ?? 'document' };
}
