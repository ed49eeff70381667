// The grid as a form: boxes named `<channel>.<topic>`, and beside them what they showed, so that only what the person
// changed is written, whatever another window did meanwhile.
import { z } from 'zod';
import type { Translation } from '$lib/i18n/catalogues';
import type { Organisation } from '$lib/server/organisation/organisation';
import type { Asked, Change, GridRow } from '$lib/server/preferences/preferences';

export const nameOf = (channel: string, topic: string): string => `${channel}.${topic}`;

const free = (rows: readonly GridRow[]) =>
	rows.flatMap(({ topic, cells }) =>
		cells
			.filter(({ locked }) => !locked)
			.map((cell) => ({ ...cell, topic: topic.id, name: nameOf(cell.channel, topic.id) }))
	);

/** Boxes of the grid, the button that was pressed, and what was shown. */
export const schemaOf = (rows: readonly GridRow[]) =>
	z.strictObject({
		intent: z.enum(['save', 'stop', 'undo', 'confirm', 'end']).default('save'),
		shown: z.string().max(10_000).optional(),
		change: z.string().max(100).optional(),
		...(Object.fromEntries(free(rows).map(({ name }) => [name, z.literal('on').optional()])) as Record<
			string,
			z.ZodOptional<z.ZodLiteral<'on'>>
		>)
	});

/** `email.news=1 sms.news=0` */
export const shownOf = (rows: readonly GridRow[]): string =>
	free(rows)
		.map(({ name, chosen }) => `${name}=${chosen ? 1 : 0}`)
		.join(' ');

/** What differs from what was shown; without `shown` (a tool that posts the boxes alone) from what holds. */
export function changesOf(rows: readonly GridRow[], values: Record<string, unknown>): Change[] {
	const { shown } = values;
	const before =
		typeof shown === 'string'
			? new Map(shown.split(' ').map((entry) => entry.split('=') as [string, string]))
			: undefined;
	return free(rows).flatMap(({ channel, topic, name, chosen }) => {
		const was = before ? before.get(name) : chosen ? '1' : '0';
		const allowed = values[name] === 'on';
		return was === undefined || (was === '1') === allowed ? [] : [{ channel, topic, allowed }];
	});
}

/** The words that the page puts beside a switch, for the ledger: group, topic, way. */
export function wordsOf(rows: readonly GridRow[], { t, tag, text }: Translation, { channels }: Organisation) {
	const topics = new Map(rows.map(({ topic }) => [topic.id, topic]));
	return ({ channel, topic: id }: Change) => {
		const topic = topics.get(id);
		const group = t(`messages:group.${topic?.marketing ? 'offers' : 'use'}.title`);
		const way = text(channels.find((one) => one.id === channel)?.label);
		return { language: tag, text: `${group}: ${text(topic?.label)} (${way})\n${text(topic?.about)}` };
	};
}

/** The words of the button that stops all marketing. */
export const stopWords =
	({ t, tag }: Translation) =>
	() => ({
		language: tag,
		text: `${t('messages:stop.title')}\n${t('messages:stop.lead')}`
	});

/** A line for each choice that the person is asked about: `Events (Email), agreed on 3 March 2025`. */
export const askedLine =
	({ t, text, date }: Translation, { topics, channels }: Pick<Organisation, 'topics' | 'channels'>) =>
	({ channel, topic, since }: Asked['yeses'][number]): string =>
		t('messages:reconfirm.choice', {
			topic: text(topics.find(({ id }) => id === topic)?.label),
			channel: text(channels.find(({ id }) => id === channel)?.label),
			date: date(since)
		});
