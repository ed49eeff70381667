// Which language a page is shown in: address, then the message one comes from, then account, then cookie, then browser, then the description's first.

/** The offered language nearest to a tag: itself, its base, a sibling of the same base; undefined when none is near. */
export function nearest(tag: string, offered: readonly string[]): string | undefined {
	const wanted = tag.trim().toLowerCase();
	const base = wanted.split('-')[0];
	return (
		offered.find((language) => language.toLowerCase() === wanted) ??
		offered.find((language) => language.toLowerCase() === base) ??
		offered.find((language) => language.toLowerCase().split('-')[0] === base)
	);
}

/** The tags of an Accept-Language header, most wanted first; anything malformed is passed over. */
export function acceptedTags(header: string): string[] {
	return header
		.slice(0, 500)
		.split(',')
		.map((part) => {
			const [tag = '', ...parameters] = part.trim().split(';');
			const quality = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find(Boolean);
			return { tag, weight: quality === undefined ? 1 : Number(quality) };
		})
		.filter(({ tag, weight }) => /^[A-Za-z-]{2,35}$/.test(tag) && weight > 0)
		.sort((a, b) => b.weight - a.weight)
		.map(({ tag }) => tag);
}

export interface Wishes {
	address?: string | null | undefined;
	session?: string | null | undefined;
	account?: string | null | undefined;
	cookie?: string | null | undefined;
	browser?: string | null | undefined;
	/** Of the message that the visitor comes from; nothing but the address wins over it. */
	message?: string | null | undefined;
}

/** The first wish that can be met. A wrong tag in the address is passed over, never an error. */
export function chooseLanguage(wishes: Wishes, offered: readonly string[]): string {
	const { address, session, account, cookie, browser, message } = wishes;
	const asked = [address, message, session, account, cookie, ...acceptedTags(browser ?? '')];
	for (const tag of asked) {
		const found = tag ? nearest(tag.slice(0, 35), offered) : undefined;
		if (found) return found;
	}
	return offered[0] as string;
}
