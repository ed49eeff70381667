// Promise: a support link opens a page of this list and nothing else.
import { categoriesOf, partnersOf } from '../../organisation/lookup.ts';
import type { Organisation } from '../../organisation/organisation.ts';

/** Every page of a person that stands alone, in the order of the navigation; the last part names it in `common:navigation`. */
export const personalPages = [
	'/',
	'/data',
	'/profile',
	'/activity',
	'/messages',
	'/sharing',
	'/consents',
	'/purposes',
	'/requests',
	'/export',
	'/withdrawal',
	'/security'
] as const;

/** Whether a person of the role has the page: one of the list, a category of theirs, or a partner of theirs. */
export function isPersonalPage(organisation: Organisation, role: string, page: string): boolean {
	if ((personalPages as readonly string[]).includes(page)) return true;
	const [, parent, id] = /^\/(data|sharing)\/([a-z][a-z0-9-]*)$/.exec(page) ?? [];
	if (parent === 'data') return categoriesOf(organisation, role).some((category) => category.id === id);
	return parent === 'sharing' && partnersOf(organisation, role).some((partner) => partner.id === id);
}
