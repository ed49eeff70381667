import * as incidents from '$lib/server/incidents/incidents';

/** What the reader was told; nothing of anybody else, and nothing at all without signing in. */
export const load = async ({ locals }) => {
	const { ctx, visitor, translation } = locals;
	const told = visitor ? await incidents.read(ctx, visitor, translation.tag) : undefined;
	return {
		told: told?.map(({ notice, ...rest }) => ({
			...rest,
			paragraphs: notice.split(/\n{2,}/).map((text) => ({ text, isHeading: isHeading(translation, text) }))
		}))
	};
};

const headings = [
	'what',
	'when',
	'data',
	'consequences',
	'measures',
	'advice',
	'remedies',
	'contact',
	'complaint'
] as const;

/** A paragraph that says nothing but the heading of a section. */
const isHeading = ({ t }: App.Locals['translation'], text: string): boolean =>
	headings.some((section) => t(`incidents:heading.${section}`) === text.trim());
