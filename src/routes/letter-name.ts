// What a message was about, in a few words: its topic, or what its template tells of; of its own words nothing is left.
import type { Translation } from '$lib/i18n/catalogues';
import { topicOf } from '$lib/server/organisation/lookup';
import type { Organisation } from '$lib/server/organisation/organisation';

export function nameOfLetter(
	{ t, has, text }: Pick<Translation, 't' | 'has' | 'text'>,
	organisation: Organisation,
	{ template, topic = null }: { template: string; topic?: string | null }
): string {
	const described = topic === null ? undefined : topicOf(organisation, topic);
	if (described) return text(described.label);
	return t(has(`sent:about.${template}`) ? `sent:about.${template}` : 'sent:about.other');
}
