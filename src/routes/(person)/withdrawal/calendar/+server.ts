// The last day of the grace period for the person's calendar. Others may see that calendar: nothing in it says what the day is about.
import { error } from '@sveltejs/kit';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';
import { calendarFile } from './calendar-file';

/** The day on which an instant falls where the person lives. */
const dayIn = (timeZone: string, at: string): string =>
	new Intl.DateTimeFormat('en-CA-u-ca-iso8601-nu-latn', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit'
	}).format(new Date(at));

export const GET = async ({ locals }) => {
	const { ctx, person, translation } = locals;
	const running = await withdrawal.running(ctx, person.id);
	if (!running) error(404, { message: 'not-found', code: 'not-found' });
	const organisation = translation.text(ctx.organisation.organisation.name);
	const file = calendarFile({
		uid: running.id,
		on: dayIn(translation.timeZone, running.eraseAt),
		madeAt: new Date(running.requestedAt),
		summary: organisation,
		description: translation.t('withdrawal:calendar.entry', { organisation })
	});
	return new Response(file, {
		headers: {
			'Content-Type': 'text/calendar; charset=utf-8',
			'Content-Disposition': `attachment; filename="${ctx.organisation.organisation.id}.ics"`,
			'Cache-Control': 'no-store'
		}
	});
};
