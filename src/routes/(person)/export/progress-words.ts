// How far an export is, in words and as a part of the whole; the page and its live progress say the same.
import type { Progress } from '$lib/server/exports/exports';
import { holding } from '../../holdings';

/** Putting the volumes together and reading them back takes about this share of a build. */
const shareOfReading = 0.9;

export interface Told {
	/** Between 0 and 1; nothing where nobody can tell. */
	value: number | undefined;
	words: string;
}

function timeLeft({ t, number }: App.Locals['translation'], seconds: number): string {
	const minutes = Math.round(seconds / 60);
	return minutes < 1
		? t('export:left.seconds')
		: t('export:left.minutes', { count: minutes, number: number(minutes) });
}

export function progressWords(locals: App.Locals, progress: Progress): Told {
	const { translation } = locals;
	const { t, number } = translation;
	const { phase, done, expected, category, volume, volumes = 1, secondsLeft } = progress;
	if (phase !== 'reading') {
		const value =
			shareOfReading + ((1 - shareOfReading) * (volume - (phase === 'writing' ? 1 : 0.5))) / volumes;
		return { value, words: t(`export:phase.${phase}`, { volume: number(volume), volumes: number(volumes) }) };
	}
	const words = [
		expected > 0
			? t('export:phase.reading', { done: number(done), expected: number(Math.max(expected, done)) })
			: t('export:phase.begins'),
		...(category ? [t('export:phase.now', { category: holding(locals, category).label })] : []),
		...(secondsLeft === undefined
			? []
			: [t('export:phase.left', { time: timeLeft(translation, secondsLeft) })])
	].join(' · ');
	return { value: expected > 0 ? shareOfReading * Math.min(1, done / expected) : undefined, words };
}
