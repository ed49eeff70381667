import * as preferences from '$lib/server/preferences/preferences';
import { read } from '../../../endpoint';
import { notAllowed } from '../../../problem';

/** Whether the person may be written to by this way about this topic, why, and since when; asked before anything is sent. */
export const GET = read({ scope: 'contact:read' }, async ({ ctx, event }) => {
	const { searchParams } = event.url;
	const [channel, topic] = [searchParams.get('channel'), searchParams.get('topic')];
	if (!channel) return { refused: 'required', field: 'channel' };
	if (!topic) return { refused: 'required', field: 'topic' };
	const question = { person: event.params.externalId as string, channel, topic };
	const [answer] = await preferences.ask(ctx, [question]);
	return { status: 200, body: answer };
});

export const fallback = notAllowed('GET');
