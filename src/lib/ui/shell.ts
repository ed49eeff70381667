// What the two shells are given; every text is already in the person's language.
import type { IconName } from './icons';

export interface ShellLink {
	href: string;
	label: string;
	icon?: IconName | undefined;
	current?: boolean | undefined;
	/** A short count or word at the end of the row, such as "2". */
	badge?: string | undefined;
}

export interface NavigationGroup {
	label?: string | undefined;
	links: readonly ShellLink[];
}

export interface ShellLanguage {
	tag: string;
	/** In its own language: 한국어. */
	name: string;
	/** The same page with `?lang=`. */
	href: string;
	current: boolean;
}

export interface ShellBrand {
	name: string;
	/** Beside the name: "Privacy center". */
	product?: string | undefined;
	logo?: string | undefined;
	href: string;
}

export interface ShellPerson {
	name: string;
	/** What they signed in with, under the name. */
	identifier?: string | undefined;
	links: readonly ShellLink[];
	signOut: { action: string; label: string };
}

export interface ShellTexts {
	/** "Skip to the content" */
	skip: string;
	/** "Menu": the button that opens the navigation on a phone. */
	menu: string;
	/** "Close" */
	close: string;
	/** Names of the landmarks and menus for those who hear the page. */
	navigation: string;
	languages: string;
	account: string;
	footer: string;
}

/** A line above everything: the demonstration says so on every page. */
export interface ShellRibbon {
	text: string;
	links: readonly ShellLink[];
}

export interface ShellFooter {
	links: readonly ShellLink[];
	/** Name and address of the organisation, who to ask. */
	text?: string | undefined;
}
