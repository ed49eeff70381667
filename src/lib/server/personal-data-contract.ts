// The personal-data contract (DESIGN §3.2): what every keeper of personal values owes the person. The data page, the ZIP,
// the rehearsal and the erasure walk the registry of these and know no domain.
import type { Context } from './context.ts';
import type { Text } from './organisation/organisation.ts';

export type Row = Record<string, unknown>;

export interface Count {
	/** A category of the description, or what the portal itself keeps (`portal.messages`, …): no description's code has a dot. */
	category: string;
	records: number;
	/** Why its source could not say how many there are; `records` then counts without them. */
	unanswered?: Shortfall;
}

/** Rows of a table that seals each one's fields as a JSON object, as they are stored. */
export interface SealedRow {
	id: string;
	at: string;
	sealed: Uint8Array;
	origin: string;
}

/** Behind which row a reading goes on. */
export interface PlaceOfRow {
	at: string;
	id: string;
}

/** The rows of `Part.pages()`, still sealed: `{ id, at, …what was sealed, origin }` each. */
export interface SealedPages {
	/** Where they are sealed, up to the row's id. */
	place: { table: string; column: string; rowPrefix: string };
	/** In the order of `Part.pages()`; behind a place, where a reading goes on. */
	pages(after?: PlaceOfRow): AsyncIterable<readonly SealedRow[]>;
}

/**
 * Why something of a part is missing or was left out, each counted: the source answered no more (`source-failed`), is switched
 * off (`source-off`) or gave more than its budget (`over-budget`); a row belongs to somebody else (`foreign`), came twice
 * (`duplicate`), is not text (`unreadable`) or not what is described (`wrong-shape`); a file is no longer there (`gone`) or was
 * not handed over (`refused`); something changed while it was read.
 */
export type Shortfall =
	| 'source-failed'
	| 'source-off'
	| 'over-budget'
	| 'foreign'
	| 'duplicate'
	| 'unreadable'
	| 'wrong-shape'
	| 'gone'
	| 'refused'
	| 'changed-while-reading';

/** Ends the reading of a part, which is then incomplete for that reason; what came before stands. */
export class ReadingEnded extends Error {
	readonly reason: Shortfall;
	/** Whether it may go well when it is asked again at once: what took all its time takes it again. */
	readonly again: boolean;
	constructor(reason: Shortfall, { again = true } = {}) {
		super(reason);
		this.name = 'ReadingEnded';
		this.reason = reason;
		this.again = again;
	}
}

/** A file that belongs to a part: a picture, an attachment. */
export interface HeldFile {
	/**
	 * Below `files/`, made of ids and an extension of ours: no name that somebody else chose, and none that another file of the
	 * person has, large letters taken for small ones.
	 */
	path: string;
	mediaType: string;
	/** What it is called, for the readable page. */
	name: string;
	/** How rows name it, where they do: the readable page draws a picture there. */
	written?: string;
	/** Throws `ReadingEnded` with `gone`, `unreadable` or `refused`; ends with `signal`, as `Part.pages` does. */
	open(signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/** One file of an export: `path` becomes `<path>.json` and, for tables, `<path>.csv`. */
export interface Part {
	path: string;
	category: string;
	/** Where it was read: `portal`, or a source's id. */
	source: string;
	/** One of many files of one form: they share a schema of this name, and the readable page shows none of them. */
	series?: string;
	/** Undefined: its source could not say. */
	expected: number | undefined;
	/** `table`: rows of the same fields; `document`: JSON only. */
	shape: 'table' | 'document';
	/**
	 * Order and labels of the columns; `label` is a text of the description or a key of the catalogues. `type` is one of the
	 * description's, or `flag`, `object`, `objects`, `any`; `optional`: not every row has it.
	 */
	fields: readonly { id: string; type: string; label: Text | string; optional?: boolean }[];
	/**
	 * Pages of at most 1,000 rows. Throws `ReadingEnded` when a source breaks; what came before stands, and the part is
	 * incomplete. Whoever wants no more says so with `signal`: a source that hangs is waited for no longer.
	 */
	pages(signal?: AbortSignal): AsyncIterable<readonly Row[]>;
	/** What was left out of `pages`, once they have ended. */
	leftOut?(): ReadonlyMap<Shortfall, number>;
	/** Files that belong to the rows; ends with `signal`. */
	files?(signal?: AbortSignal): AsyncIterable<HeldFile>;
	/** The same rows for a reader that opens them elsewhere: opening a million of them keeps a thread busy. */
	sealed?: SealedPages;
}

/** What stays after the person has left, apart and sealed: the law, and until when. */
export interface Kept {
	category: string;
	records: number;
	/** The rule of the description's `retention` that demands it. */
	ground: string;
	law: Text;
	what: Text;
	until: string;
	/** What goes to the archive, a page at a time. */
	pages(): AsyncIterable<readonly Row[]>;
}

/** What of a category went to a partner so far. */
export interface Flow {
	partner: string;
	category: string;
	disclosures: number;
	firstAt: string;
	lastAt: string;
}

export interface PersonalDataContract {
	id: string;
	/**
	 * It keeps nothing here: everything lies in that source, one of `ctx.sources`, which an erasure calls by itself, again and
	 * again until it answers; `erase` has nothing to destroy.
	 */
	outside?: { source: string };
	/** Tables, and folders below the data folder, in which this keeper stores what belongs to a person. */
	tables: readonly string[];
	folders?: readonly string[];
	count(ctx: Context, personId: string): Promise<Count[]>;
	/**
	 * The parts of the chosen categories (all where undefined), names in the language of whoever reads them. Counting them in a
	 * system that hangs ends with `signal`.
	 */
	collect(
		ctx: Context,
		personId: string,
		categories?: ReadonlySet<string>,
		language?: string,
		signal?: AbortSignal
	): Promise<Part[]>;
	/** Restriction of processing (GDPR Art. 18): on or off. */
	restrict(ctx: Context, personId: string, on: boolean): Promise<void>;
	/** Destroys at most `limit` rows; call it until `done`. May run twice. Opens no seal: the key is gone by then. */
	erase(ctx: Context, personId: string, limit: number): Promise<{ destroyed: number; done: boolean }>;
	keep(ctx: Context, personId: string): Promise<Kept[]>;
	/** Partners that received something about the person and are to be told when they leave. */
	recipients?(ctx: Context, personId: string): Promise<string[]>;
	/** What went to whom so far, as sums: who the actual recipients are (GDPR Art. 15(1)(c)). */
	flows?(ctx: Context, personId: string): Promise<Flow[]>;
}

/** How much of each category the keepers hold of a person, added up over all of them; all are asked at once. */
export async function countHeld(ctx: Context, personId: string): Promise<Count[]> {
	const held = new Map<string, Count>();
	for (const counts of await Promise.all(ctx.contracts.map((contract) => contract.count(ctx, personId))))
		for (const { category, records, unanswered } of counts) {
			const before = held.get(category);
			held.set(category, {
				...before,
				category,
				records: (before?.records ?? 0) + records,
				...(unanswered && { unanswered })
			});
		}
	return [...held.values()];
}
