import { countCategories } from './categories';

const groups = ['given', 'observed', 'received'] as const;

export const load = async ({ locals }) => {
	const counted = await countCategories(locals);
	return {
		groups: groups
			.map((id) => ({ id, categories: counted.filter(({ category }) => category.group === id) }))
			.filter(({ categories }) => categories.length > 0)
	};
};
