// One row of Timeline.svelte: something that happened, or that will.
import type { IconName } from './icons';

export interface TimelineItem {
	title: string;
	text?: string | undefined;
	/** As the person reads it, and as a machine does. */
	at?: string | undefined;
	instant?: string | undefined;
	icon?: IconName | undefined;
	tone?: 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | undefined;
	/** Not yet: drawn with a dashed line. */
	ahead?: boolean | undefined;
}
