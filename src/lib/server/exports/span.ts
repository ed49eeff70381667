// A span of time that a person chose: rows with an instant outside of it are not missing, they were not asked for.

export interface Span {
	/** Instants: from the one on and before the other. */
	since?: string | undefined;
	until?: string | undefined;
}

/** Rows without an instant belong to every span. */
export const isOutside = ({ since, until }: Span, at: unknown): boolean =>
	typeof at === 'string' && ((since !== undefined && at < since) || (until !== undefined && at >= until));
