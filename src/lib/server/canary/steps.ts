// What the canary tried in a source, and what came of it: codes alone.

/** The steps in their order; `ask`: whether it answers at all, where nothing can be planted. */
export const steps = ['ask', 'clean', 'plant', 'read', 'edit', 'restrict', 'export', 'erase'] as const;
export type Step = (typeof steps)[number];

export interface Outcome {
	source: string;
	step: Step;
	/** `cannot`: nobody described how, so that it is done by hand and proved by nobody; `off`: staff switched the source off. */
	outcome: 'done' | 'cannot' | 'off' | 'gap';
	/** Why it is a gap: a code of `SourceFailure`, or of the step itself. */
	because?: string;
}

export const gapsIn = (outcomes: readonly Outcome[]): Outcome[] =>
	outcomes.filter(({ outcome }) => outcome === 'gap');

/** Nothing missing, nothing switched off, and at least one source walked to its end. */
export const isWhole = (outcomes: readonly Outcome[]): boolean =>
	outcomes.every(({ outcome }) => outcome === 'done' || outcome === 'cannot') &&
	outcomes.some(({ step, outcome }) => step === 'erase' && outcome === 'done');

/** Ends a walk: its lease ran out and somebody else walks, whose invented person bears the same id. */
export class TakenOver extends Error {
	constructor() {
		super('the walk of the canary was taken over');
		this.name = 'TakenOver';
	}
}

/** Ends a step with a code. */
export class Gap extends Error {
	readonly code: string;
	constructor(code: string) {
		super(code);
		this.name = 'Gap';
		this.code = code;
	}
}
