// What the portal writes to people. Texts stand at `mail:<template>.subject|body|action|sms`.

type None = Record<never, never>;

/** What carriers want whoever asks to read. */
interface SmsAnswer {
	programme: string;
	frequency: string;
	contact: string;
	settings: string;
}

/**
 * Values named `…At` are instants and `…On` days; both are written as the reader writes them. `count` counts minutes. A template
 * whose name ends in `-code` runs out after `count` of them: it leaves beside everything else, and is given up when it has.
 */
export interface Letters {
	'recovery-code': { code: string; count: number };
	/** `link` signs in like the code; a text message has no button. */
	'sign-in-code': { code: string; count: number; link: string };
	'address-change-code': { code: string; count: number };
	/** Step-up of somebody without a password. */
	'proof-code': { code: string; count: number };
	/** Goes to an address that somebody tried to give to another account. */
	'address-in-use': Record<never, never>;
	'new-device': { signedInAt: string };
	/** How the person signs in is another now; goes to every address, the old one too. */
	'address-changed': { changedAt: string };
	'password-changed': { changedAt: string };
	'export-ready': { expiresAt: string };
	/** It is there, and lacks something. */
	'export-partial': { expiresAt: string };
	/** `code` opens /claim when the account is gone. */
	'withdrawal-requested': { eraseAt: string; code: string };
	'withdrawal-reminder': { eraseAt: string };
	'withdrawal-cancelled': None;
	/** The last one: sent when everything is destroyed (`sendNow`). */
	'withdrawal-done': { code: string };
	/** The same where systems outside, named in `systems`, still have to destroy what they hold. */
	'withdrawal-done-here': { code: string; systems: string };
	/** `notice` is in paragraphs. */
	'incident-announced': { notice: string };
	'incident-drill': { notice: string };
	'policy-announced': { effectiveOn: string; summary: string };
	'request-opened': { dueOn: string };
	/** Somebody asked in the person's name, and they have to say that it is theirs. */
	'request-to-confirm': { dueOn: string };
	'request-answered': None;
	'request-extended': { dueOn: string };
	'request-decided': None;
	/** Answers a mail that names a right, whether or not we know who wrote. */
	'mail-received': None;
	/** Goes to the officer: a request is due soon. */
	'staff-request-due': { dueOn: string };
	/** Confirms what a guardian agrees to for a child. */
	'family-code': { code: string; count: number };
	'family-consent-given': None;
	'family-declined': None;
	/** To the child: somebody has agreed. */
	'family-begins': None;
	/** To a school. */
	'family-evidence-asked': { dueAt: string };
	'may-decide': None;
	'came-of-age': None;
	/** To who was a guardian until today. */
	'guardianship-ended': None;
	'child-locked': { destroyAt: string };
	'child-released': None;
	/** To the guardians; `code` opens /claim. */
	'child-destroyed': { code: string };
	/** What somebody contested is decided; until then the field rests. */
	'correction-decided': { endsAt: string };
	/** By SMS alone: the one answer to a STOP, of everything or of one topic; to START, and to HELP. */
	'sms-stopped': { settings: string };
	'sms-topic-stopped': { topic: string; settings: string };
	'sms-started': SmsAnswer;
	'sms-help': SmsAnswer;
	/** Staff wrote down a stop that came in another way; `way` is the channel by its name. */
	'stop-recorded': { way: string };
	/** Somebody is asked whether their yes to marketing goes on; `choices` are lines. Without an answer it ends, or stands. */
	'reconfirm-or-stops': { choices: string; because: string; untilOn: string };
	'reconfirm-or-stays': { choices: string; because: string; untilOn: string };
	/** What somebody decided about marketing is done; `choices` are lines. */
	'decisions-told': { choices: string };
	/** Mail had come back from this address, and its owner wants mail there again. */
	'writing-again': None;
	/** Demonstration only: what a message about a topic looks like, with its way out at the foot. */
	'topic-sample': { topic: string };
}

export type Template = keyof Letters;

/** Notices about the safety of an account: whoever did not do it has to hear at once, whatever else is to be sent. */
export const aboutSafety: readonly Template[] = [
	'address-in-use',
	'new-device',
	'address-changed',
	'password-changed'
];

/** The page that the letter's button opens; a sender may name another one. `null`: there is no button. */
export const pages: Readonly<Record<Template, string | null>> = {
	// Signs in, so its sender names the page.
	'sign-in-code': '/sign-in',
	// No link beside a code: whoever asked for it has the page open, and whoever did not must not be led anywhere.
	'recovery-code': null,
	'address-change-code': null,
	'proof-code': null,
	'address-in-use': '/security',
	'new-device': '/security',
	'address-changed': '/security',
	'password-changed': '/security',
	'export-ready': '/export',
	'export-partial': '/export',
	'withdrawal-requested': '/withdrawal',
	'withdrawal-cancelled': '/',
	'withdrawal-reminder': '/withdrawal',
	'withdrawal-done': '/claim',
	'withdrawal-done-here': '/claim',
	'incident-announced': '/incidents',
	'incident-drill': '/incidents',
	'policy-announced': '/policy',
	'request-opened': '/requests',
	'request-to-confirm': '/requests',
	'request-answered': '/requests',
	'request-extended': '/requests',
	'request-decided': '/requests',
	'mail-received': '/requests',
	'staff-request-due': '/staff/requests',
	'family-code': null,
	'family-consent-given': '/family',
	'family-declined': '/family',
	'family-begins': '/',
	'family-evidence-asked': '/family',
	'may-decide': '/family',
	'came-of-age': '/family',
	'guardianship-ended': '/family',
	'child-locked': '/contact',
	'child-released': '/family',
	'child-destroyed': '/claim',
	'correction-decided': '/profile',
	'sms-stopped': null,
	'sms-topic-stopped': null,
	'sms-started': null,
	'sms-help': null,
	'stop-recorded': '/messages',
	'reconfirm-or-stops': '/messages',
	'reconfirm-or-stays': '/messages',
	'decisions-told': '/messages',
	'writing-again': '/messages',
	'topic-sample': '/messages'
};

export type LetterValues = Record<string, string | number>;

/** All that is needed to write a letter when its turn comes; sealed until then, emptied afterwards. */
export interface Letter {
	to: string;
	language: string;
	timeZone: string;
	values: LetterValues;
	/** From this instant on it helps nobody any more, and is not sent. */
	until?: string | undefined;
	/** Overrides `pages`. */
	path?: string | undefined;
	/** The topic of the description that it is about. */
	topic?: string | undefined;
	/** For a message about a topic: its way out, in the headers and at the foot. */
	unsubscribeUrl?: string | undefined;
}

export const letterPlace = (id: string) => ({ table: 'outbox', column: 'sealed', row: id });
