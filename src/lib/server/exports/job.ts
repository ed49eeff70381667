// What a build is asked for, and what it hands to the pages of a volume (inside/).
import type { Part, Row } from '../personal-data-contract.ts';
import type { Missing, PartRead } from './missing.ts';
import type { Span } from './span.ts';

export interface Job {
	personId: string;
	exportId: string;
	categories: readonly string[] | undefined;
	language: string;
	timeZone: string;
	/** Where the sealed file of the first volume ends up. */
	path: string;
	/** Rows with an instant outside of it are left out, which is no lack. */
	span?: Span;
	/** How large a volume may become; one file without it. */
	volumeBytes?: number;
	/** Only these parts: what an earlier export lacked. */
	only?: readonly string[];
	/** The id of that export. */
	completes?: string;
	/** Deflate level, 0 to 9. */
	level?: number;
}

/** What the manifest says of one file of a volume. */
export interface FileEntry {
	path: string;
	bytes: number;
	sha256: string;
	records: number;
	source: string;
	complete: boolean;
	reason?: string;
}

export type Content = AsyncIterable<string | Uint8Array>;

/** A part over all volumes: how much of it is there, and what is missing. */
export interface WholePart extends PartRead {
	part: Part;
	reasons: Missing['reasons'];
}

/** A part as far as it stands in one volume. */
export interface ViewedPart {
	part: Part;
	whole: WholePart;
	/** The part's files in this volume, JSON first. */
	files: readonly FileEntry[];
	/** Rows of the part in this volume. */
	included: number;
	/** The rows of this volume, in their order, a page at a time; may be asked for more than once. */
	rows(): AsyncIterable<readonly Row[]>;
	/** Files of the part that lie in this volume below `files/`, `path` with it. */
	heldFiles: readonly { path: string; name: string; mediaType: string; written?: string }[];
}

/** What there is to write pages about. */
export interface ViewedVolume {
	number: number;
	/** The number of the last volume: 1 where there is only this one. */
	last: number;
	/** Those of which something lies in this volume. */
	parts: readonly ViewedPart[];
	/** Those of all volumes. */
	all: readonly WholePart[];
}
