// Promise: whoever writes STOP, START or HELP is answered once, at once or not at all, without a word of advertising.
import { translationIn } from '../../../i18n/catalogues.ts';
import type { Person } from '../../accounts/accounts.ts';
import type { Context } from '../../context.ts';
import * as delivery from '../../delivery/delivery.ts';
import { topicOf } from '../../organisation/lookup.ts';
import { after, instant } from '../../platform/clock.ts';
import { take, type Limit } from '../../platform/throttle/throttle.ts';

/** 47 CFR § 64.1200(a)(12): a confirmation within five minutes, later none. */
const confirmMinutes = 5;
const confirmAgainHours = 24;
/** Whoever asks again and again, or a machine that answers ours, is answered no more than that. */
const perNumber: Limit = { name: 'sms-answers', points: 5, seconds: 3_600 };

/** What carriers want whoever asks to read: who writes, what, how often, whom to ask, and how it ends. */
function valuesFor({ organisation, settings }: Context, { language, timeZone }: Person) {
	const { t, text } = translationIn(language, timeZone);
	const { programme, frequency } = organisation.sms;
	const { support } = organisation.organisation;
	return {
		programme: programme ? text(programme) : t('mail:sms.programme'),
		frequency: frequency ? text(frequency) : t('mail:sms.frequency'),
		contact: support.phone ?? support.email ?? new URL(settings.origin).host,
		settings: new URL('/messages', settings.origin).href
	};
}

/** The one confirmation of a stop that was said at `at`: none when that is minutes ago, or when there was one within a day. */
export async function confirmStop(
	ctx: Context,
	person: Person,
	{ to, at, topic }: { to: string; at: Date; topic: string | undefined }
): Promise<void> {
	const now = ctx.clock.now();
	const until = after(at, confirmMinutes, 'minutes');
	const lately = instant(after(now, -confirmAgainHours, 'hours'));
	const templates = ['sms-stopped', 'sms-topic-stopped'] as const;
	if (until < now || (await delivery.wroteSince(ctx, person.id, templates, lately))) return;
	const { settings } = valuesFor(ctx, person);
	const way = { channel: 'sms', to, until: instant(until) } as const;
	const label = topic && translationIn(person.language).text(topicOf(ctx.organisation, topic)?.label);
	if (label) {
		const values = { topic: label, settings };
		await delivery.send(ctx, person.id, { ...way, template: 'sms-topic-stopped', values });
	} else await delivery.send(ctx, person.id, { ...way, template: 'sms-stopped', values: { settings } });
}

/** Answers HELP, and confirms a START. */
export async function answer(
	ctx: Context,
	person: Person,
	{ to, template }: { to: string; template: 'sms-help' | 'sms-started' }
): Promise<void> {
	if (await take(ctx, perNumber, ctx.keys.blindIndex('throttle', `sms ${to}`))) return;
	await delivery.send(ctx, person.id, { channel: 'sms', to, template, values: valuesFor(ctx, person) });
}
