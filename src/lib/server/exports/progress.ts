// How far the building of an export is, in counts and codes.

export interface Progress {
	/** Rows are read; volumes are put together; they are read back. */
	phase: 'reading' | 'writing' | 'checking';
	/** Rows read so far, of as many as are expected. */
	done: number;
	expected: number;
	/** What is being read. */
	category?: string;
	volume: number;
	/** Known once everything was read. */
	volumes?: number;
	/** Undefined as long as nobody can tell. */
	secondsLeft?: number;
}

/** Whoever watches a build: is told how far it is, and may end it. */
export interface Watch {
	signal: AbortSignal;
	tell(progress: Progress): void;
}

export const unwatched: Watch = { signal: new AbortController().signal, tell: () => undefined };

export const progressIn = (text: string | null): Progress | undefined =>
	text === null ? undefined : (JSON.parse(text) as Progress);
