// Progress of long work, on a terminal only, and never in what is printed for others to read.

const barWidth = 24;
const everyMilliseconds = 100;

export interface Progress {
	/** `done` of the whole; `note` says it in words. */
	show(done: number, note: string): void;
	end(): void;
}

const none: Progress = { show: () => undefined, end: () => undefined };

export function progressOf(total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
	if (!stream.isTTY) return none;
	let shownAt = -everyMilliseconds;
	return {
		show: (done, note) => {
			const now = performance.now();
			if (now - shownAt < everyMilliseconds && done < total) return;
			shownAt = now;
			const share = total > 0 ? Math.min(1, done / total) : 1;
			const full = Math.round(share * barWidth);
			stream.write(
				`\r\u001b[K${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${String(Math.floor(share * 100)).padStart(3)} %  ${note}`
			);
		},
		end: () => stream.write('\r\u001b[K')
	};
}
