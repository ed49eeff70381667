// Files that rows of a source name: a picture by a path of its own. Under which name it stands in an export is ours.
import type { Field } from '../organisation/organisation.ts';
import type { OutsideRecord } from './rows.ts';

export interface NamedFile {
	/** Below `files/`, made of ids and an extension of ours. */
	path: string;
	mediaType: string;
	name: string;
	/** As the source wrote it. */
	written: string;
}

const kinds: Record<string, string> = {
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	png: 'image/png',
	gif: 'image/gif',
	webp: 'image/webp',
	avif: 'image/avif'
};

/** What file systems do not take, and the sign for it, are written as their codes. */
const inName = (id: string): string => id.replace(/[:~]/g, (sign) => `~${sign.charCodeAt(0).toString(16)}`);

/**
 * No two fields of records have one name, nor two that are one where large letters count as small ones: which of them are
 * large, as a number, stands at its end. It is the same in every export, whatever else is in it.
 */
function nameOf(record: string, field: string): string {
	// Ids of fields have neither a hyphen nor the sign.
	const name = `${inName(record)}-${field}`;
	const large = [...name].reverse().map((sign) => (/[A-Z]/.test(sign) ? 1 : 0));
	const mark = BigInt(`0b${large.join('')}`).toString(36);
	return mark === '0' ? name : `${name}~${mark}`;
}

/** The files of a record: relative paths in fields that hold pictures; a whole address belongs to somebody else. */
export function filesOf(category: string, record: OutsideRecord, images: readonly Field[]): NamedFile[] {
	return images.flatMap(({ id }) => {
		const written = record.fields[id];
		if (typeof written !== 'string' || /^[a-z]+:|^\/|(^|\/)\.{1,2}(\/|$)/i.test(written)) return [];
		const ending = /\.([a-z]{3,4})$/i.exec(written)?.[1]?.toLowerCase() ?? '';
		const extension = ending in kinds ? ending : 'bin';
		return {
			path: `${category}/${nameOf(record.id, id)}.${extension}`,
			mediaType: kinds[ending] ?? 'application/octet-stream',
			name: written.split('/').at(-1) ?? written,
			written
		};
	});
}
