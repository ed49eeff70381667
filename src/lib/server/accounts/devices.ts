// What a browser says of itself, in two names that a person recognises.
import bowser from 'bowser';

export interface DeviceName {
	/** Such as "Firefox" and "Android"; empty where it does not say. */
	browser: string;
	system: string;
	kind: 'phone' | 'tablet' | 'computer' | 'unknown';
}

const kinds: Record<string, DeviceName['kind']> = { mobile: 'phone', tablet: 'tablet', desktop: 'computer' };

export function nameOf(userAgent: string): DeviceName {
	if (!userAgent) return { browser: '', system: '', kind: 'unknown' };
	const { browser, os, platform } = bowser.parse(userAgent);
	return {
		browser: browser.name ?? '',
		system: os.name ?? '',
		kind: kinds[platform.type ?? ''] ?? 'unknown'
	};
}

/** Whether two browsers are of one make on one system: for telling a person of a new one. */
export function looksAlike(a: { userAgent: string }, b: { userAgent: string }): boolean {
	const [one, other] = [nameOf(a.userAgent), nameOf(b.userAgent)];
	return one.browser === other.browser && one.system === other.system;
}
