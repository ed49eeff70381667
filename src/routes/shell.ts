// What surrounds every page: brand, navigation, languages, footer, in the person's language.
import type { IconName } from '$lib/ui/icons';
import type { NavigationGroup, ShellFooter, ShellLanguage, ShellLink } from '$lib/ui/shell';
import { shippedLanguages, translationIn } from '$lib/i18n/catalogues';
import { may, type Permission } from '$lib/server/staff/staff';

type Locals = App.Locals;

const personPages: readonly [string, [string, string, IconName][]][] = [
	[
		'yours',
		[
			['/', 'overview', 'home'],
			['/data', 'data', 'data'],
			['/profile', 'profile', 'person'],
			['/activity', 'activity', 'activity']
		]
	],
	[
		'decide',
		[
			['/messages', 'messages', 'bell'],
			['/sharing', 'sharing', 'share'],
			['/consents', 'consents', 'check'],
			['/family', 'family', 'person'],
			['/purposes', 'purposes', 'eye'],
			['/requests', 'requests', 'message']
		]
	],
	[
		'take',
		[
			['/export', 'export', 'download'],
			['/withdrawal', 'withdrawal', 'leave']
		]
	],
	['account', [['/security', 'security', 'lock']]]
];

const footerPages = ['/policy', '/promises', '/partners', '/cookies', '/claim', '/report', '/contact'];

const isCurrent = (href: string, path: string) =>
	href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);

export const navigationOf = ({ translation: { t } }: Locals, path: string): NavigationGroup[] =>
	personPages.map(([group, pages]) => ({
		label: t(`common:navigation.group.${group}`),
		links: pages.map(([href, name, icon]) => ({
			href,
			label: t(`common:navigation.${name}`),
			icon,
			current: isCurrent(href, path)
		}))
	}));

/** With what a member must be allowed to do for the page to be theirs. */
const staffPages: readonly [string, string, IconName, Permission?][] = [
	['/staff', 'find', 'person', 'look'],
	['/staff/requests', 'requests', 'message', 'requests'],
	['/staff/incidents', 'incidents', 'warning', 'incidents'],
	['/staff/policies', 'policies', 'document', 'policies'],
	['/staff/corrections', 'corrections', 'pencil', 'correct'],
	['/staff/controls', 'controls', 'check', 'controls'],
	['/staff/deliveries', 'deliveries', 'bell', 'deliveries'],
	['/staff/sources', 'sources', 'link', 'sources'],
	['/staff/families', 'families', 'person', 'families'],
	['/staff/replies', 'replies', 'message', 'replies'],
	['/staff/password', 'password', 'lock']
];

/** What staff can open; nothing but the new password while they have to choose one. */
export const staffNavigationOf = ({ staff, translation: { t } }: Locals, path: string): NavigationGroup[] => [
	{
		label: t('staff:navigation.group'),
		links: staffPages
			.filter(([href]) => !staff?.session.mustChange || href === '/staff/password')
			.filter(([, , , needed]) => !needed || (staff && may(staff.member, needed)))
			.map(([href, name, icon]) => ({
				href,
				label: t(`staff:navigation.${name}`),
				icon,
				current: href === '/staff' ? path === href : isCurrent(href, path)
			}))
	}
];

/** Alone in a menu a language begins with a capital, though in a Spanish sentence it doesn't. */
function ownName(tag: string): string {
	const [first = '', ...rest] = translationIn(tag).languageName(tag);
	return first.toLocaleUpperCase(tag) + rest.join('');
}

const ownNames = new Map(shippedLanguages.map((tag) => [tag, ownName(tag)]));

function searchWith(search: string, tag: string): string {
	if (!search) return `lang=${tag}`;
	// `/stop` and its like name what a form does, and no page.
	const params = new URLSearchParams([...new URLSearchParams(search)].filter(([name]) => name[0] !== '/'));
	params.set('lang', tag);
	return params.toString();
}

/** The page that is open, in every language that the description and the portal share. */
export function languagesOf({ ctx, translation }: Locals, { pathname, search }: URL): ShellLanguage[] {
	const offered = ctx.organisation.languages.filter((tag) => ownNames.has(tag));
	return offered.map((tag) => ({
		tag,
		name: ownNames.get(tag) ?? tag,
		href: `${pathname}?${searchWith(search, tag)}`,
		current: tag === translation.tag
	}));
}

export function footerOf({ ctx, translation: { t, text } }: Locals, path: string): ShellFooter {
	const links: ShellLink[] = footerPages.map((href) => ({
		href,
		label: t(`common:footer.${href.slice(1)}`),
		current: isCurrent(href, path)
	}));
	const { name, address } = ctx.organisation.organisation;
	return { links, text: `${text(name)} · ${text(address)}` };
}
