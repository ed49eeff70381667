// What each reason of an answer says to whoever writes the system that asks; the person's page has its own words.
import type { Reply } from './asking.ts';

export const sentences: Readonly<Record<Reply['because'], string>> = {
	essential: 'It cannot be refused: the description says why.',
	default: 'The person has not chosen; the description says what counts then.',
	decided: 'The person chose it, by whichever way.',
	'no-such-choice': 'Nobody of this role gets this topic by this way.',
	'verification-only': 'The number or address was given for signing in safely, and is used for nothing else.',
	'address-stopped': 'Whoever had the address before said stop, and its new owner has not chosen yet.',
	'address-suppressed':
		'The former owner of the address had everything destroyed, and its new owner has not chosen yet.',
	carrier: 'The carrier lets nothing through to this number.',
	bounced: 'Messages to this address came back for good.',
	complained: 'A message to this address was reported as unwanted: only what is essential goes there.',
	'unread-reply': 'The person wrote something that may be a stop, and staff have not read it yet.',
	'under-correction':
		'The person contests the address; until that is decided only what is essential goes there.',
	'purpose-off': 'The person objected to the purpose of this topic, or switched it off.',
	paused: 'The person asked that their data rest: only what is essential is sent.',
	'quiet-hours': 'Allowed, but not now: where the person lives it is night. `until` says when it ends.',
	leaving: 'The person is leaving: only what is essential is sent.',
	'awaiting-consent': 'A child whose guardian or school has not agreed yet: only what is essential is sent.',
	locked: 'A report about this child is looked into: only what is essential is sent.',
	erasing: 'Everything about the person is being destroyed.',
	'person-unknown': 'Nobody has this external id.',
	'person-erased': 'The person with this external id had everything destroyed.'
};
