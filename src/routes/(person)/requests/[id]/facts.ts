// What stands about a request beside its thread: how it came in, by when it is due and by which rule, how it ended.
import type { Translation } from '$lib/i18n/catalogues';
import type { Found } from '$lib/server/requests/requests';

interface Shown extends Pick<Found, 'request' | 'confirmation'> {
	organisation: string;
	answerDays: number;
	keptUntil: string | null;
}

export function factsOf(words: Translation, shown: Shown): { term: string; text: string }[] {
	const { t, date, dateTime, list } = words;
	const { request, confirmation, keptUntil } = shown;
	const fact = (name: string, text: string | undefined | null | false) =>
		text ? [{ term: t(`requests:fact.${name}`), text }] : [];
	const isElsewhere = request.channel !== 'portal';
	return [
		...fact('opened', dateTime(request.openedAt)),
		...fact(
			'channel',
			isElsewhere && t(`requests:channel.${request.channel}`, { organisation: shown.organisation })
		),
		...fact('received', isElsewhere && date(request.receivedAt)),
		...fact(
			'confirmed',
			confirmation &&
				t('requests:fact.confirmed-text', {
					time: dateTime(request.openedAt),
					date: date(confirmation.dueOn),
					source: confirmation.source ?? ''
				})
		),
		...fact('asks', request.asks.length > 0 && list(request.asks.map((ask) => t(`requests:ask.${ask}`)))),
		...fact('due', date(request.dueAt)),
		...fact(
			'rule',
			t(`requests:rule.${request.rule}`, { count: shown.answerDays, organisation: shown.organisation })
		),
		...fact('source', request.source),
		...fact('decision', request.decision && t(`requests:decision.${request.decision}`)),
		...fact('decided', request.decidedAt && dateTime(request.decidedAt)),
		...fact(
			'ground',
			request.ground &&
				[t(`requests:ground.${request.ground}`), request.groundSource].filter(Boolean).join(' ')
		),
		...fact('closed', request.closedAt && dateTime(request.closedAt)),
		...fact('kept', keptUntil && date(keptUntil))
	];
}
