// How a kind of request looks, and where the portal grants it at once.
import type { Kind } from '$lib/server/requests/requests';
import type { IconName } from '$lib/ui/icons';

export const icons: Readonly<Record<Kind, IconName>> = {
	access: 'eye',
	copy: 'copy',
	portability: 'download',
	correction: 'pencil',
	erasure: 'trash',
	restriction: 'pause',
	objection: 'x',
	'california-disclosure': 'share',
	question: 'question',
	complaint: 'flag',
	appeal: 'undo'
};

/** The page that does what is asked, with the texts at `requests:at-once.<name>`. */
export const atOnce: Partial<Record<Kind, { name: string; href: string }>> = {
	access: { name: 'export', href: '/export' },
	copy: { name: 'export', href: '/export' },
	portability: { name: 'export', href: '/export' },
	erasure: { name: 'erasure', href: '/withdrawal' },
	correction: { name: 'correction', href: '/profile' }
};

/** Where each thing that an access can ask for is answered. */
export const askedPages: Readonly<Record<string, string>> = {
	items: '/data',
	purpose: '/data',
	retention: '/data',
	'third-parties': '/sharing',
	consent: '/consents'
};

/** What the portal said about a request that it granted itself: `requests:at-once.done.<name>`. */
export const doneTexts: Partial<Record<Kind, string>> = {
	access: 'export',
	copy: 'export',
	portability: 'export',
	erasure: 'withdrawal',
	restriction: 'restriction',
	objection: 'objection'
};

export const tones = {
	'waiting-for-proof': 'warning',
	open: 'info',
	answered: 'success',
	closed: 'neutral',
	overdue: 'danger'
} as const;
