export const load = ({ locals }) => {
	const { ctx, translation } = locals;
	return {
		promises: ctx.organisation.promises.map(({ id, text, page, planned }) => ({
			id,
			text: translation.text(text),
			page,
			planned
		}))
	};
};
