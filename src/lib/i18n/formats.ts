// Dates, numbers and lists as a reader of the language writes them, in the person's own time zone.

export interface Formats {
	/** "22 November 2026". */
	date(at: string | Date): string;
	/** "22 November 2026 at 09:32". */
	dateTime(at: string | Date): string;
	number(value: number): string;
	/** "1.2 MB"; decimal units. */
	bytes(value: number): string;
	list(items: readonly string[]): string;
	/** The name of a country by its code. */
	country(code: string): string;
	/** The name of a language by its tag. */
	languageName(tag: string): string;
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

function bytesFormat(tag: string): Formats['bytes'] {
	const formats = byteUnits.map(
		(unit) =>
			new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 })
	);
	return (value) => {
		const step = Math.min(byteUnits.length - 1, value < 1000 ? 0 : Math.floor(Math.log10(value) / 3));
		return (formats[step] as Intl.NumberFormat).format(value / 1000 ** step);
	};
}

/** A day such as `2016-06-17` is a day everywhere: it is not moved by a time zone. */
const isDay = (at: string | Date): at is string => typeof at === 'string' && at.length === 10;

/** What a description has meanwhile given another type still has to be read: what is none of its kind stands as it is. */
function written(format: Intl.DateTimeFormat, at: string | Date): string {
	const instant = new Date(at);
	return Number.isNaN(instant.getTime()) ? String(at) : format.format(instant);
}

function named(names: Intl.DisplayNames, code: string): string {
	try {
		return names.of(code) ?? code;
	} catch {
		return code;
	}
}

/** What was written once is remembered: `Intl` takes microseconds for each, and pages write the same few over and over. */
function remembering<Given>(write: (given: Given) => string, most: number): (given: Given) => string {
	const known = new Map<Given, string>();
	return (given) => {
		let text = known.get(given);
		if (text === undefined) {
			text = write(given);
			if (known.size < most) known.set(given, text);
		}
		return text;
	};
}

const made = new Map<string, Formats>();

function make(tag: string, timeZone: string): Formats {
	const day = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' });
	const date = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone });
	const dateTime = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short', timeZone });
	const number = new Intl.NumberFormat(tag);
	const list = new Intl.ListFormat(tag, { type: 'conjunction' });
	const countries = new Intl.DisplayNames(tag, { type: 'region', fallback: 'code' });
	const languages = new Intl.DisplayNames(tag, { type: 'language', fallback: 'code' });
	return {
		date: (at) => written(isDay(at) ? day : date, at),
		dateTime: (at) => written(dateTime, at),
		number: remembering((value) => number.format(value), 1_000),
		bytes: bytesFormat(tag),
		list: (items) => list.format(items),
		country: remembering((code) => named(countries, code), 300),
		languageName: remembering((code) => named(languages, code), 300)
	};
}

/** Whether the runtime knows the time zone; a wrong one must never break a page. */
export function isTimeZone(timeZone: string): boolean {
	try {
		new Intl.DateTimeFormat('en', { timeZone });
		return true;
	} catch {
		return false;
	}
}

/** Formatters are dear to make and are kept by language and time zone. */
export function formatsOf(tag: string, timeZone: string): Formats {
	const name = `${tag} ${timeZone}`;
	const kept = made.get(name);
	if (kept) return kept;
	const formats = make(tag, isTimeZone(timeZone) ? timeZone : 'UTC');
	made.set(name, formats);
	return formats;
}
