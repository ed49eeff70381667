// What Vitest and Playwright wrote down about their runs, in one shape. A report that is missing throws.
import { readFileSync } from 'node:fs';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';

export interface Count {
	passed: number;
	failed: number;
	skipped: number;
	/** One text for each failure. */
	failures: string[];
	/** Files with a failed test, once each. */
	failedFiles: string[];
}

interface VitestReport {
	testResults: {
		name: string;
		status: 'passed' | 'failed';
		message: string;
		assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
	}[];
}

/** A file that could not even be loaded counts as one failed test. */
export function readVitest(file: string): Count {
	const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
	const tests = testResults.flatMap(({ name, assertionResults }) =>
		assertionResults.map((test) => ({ name, ...test }))
	);
	const failed = tests.filter(({ status }) => status === 'failed');
	const unloaded = testResults.filter(
		({ status, assertionResults }) => status === 'failed' && !assertionResults.length
	);
	return {
		passed: tests.filter(({ status }) => status === 'passed').length,
		failed: failed.length + unloaded.length,
		skipped: tests.length - failed.length - tests.filter(({ status }) => status === 'passed').length,
		failures: [
			...unloaded.map(({ name, message }) => `${name}\n${firstLines(message)}`),
			...failed.map(
				({ name, fullName, failureMessages }) => `${fullName} (${name})\n${firstLines(failureMessages[0])}`
			)
		],
		failedFiles: [...new Set([...unloaded, ...failed].map(({ name }) => name))]
	};
}

export function readPlaywright(file: string): Count {
	const { suites, errors } = JSON.parse(readFileSync(file, 'utf8')) as JSONReport;
	const tests = suites.flatMap((suite) => testsOf(suite));
	const failed = tests.filter(({ status }) => status === 'unexpected');
	return {
		passed: tests.filter(({ status }) => status === 'expected').length,
		failed: failed.length + errors.length,
		skipped: tests.filter(({ status }) => status === 'skipped').length,
		failures: [
			...errors.map(({ message }) => firstLines(message)),
			...failed.map(({ title, error }) => `${title}\n${firstLines(error)}`)
		],
		failedFiles: [...new Set(failed.map(({ file }) => file))]
	};
}

interface Told {
	title: string;
	file: string;
	status: string;
	error: string | undefined;
}

function testsOf(suite: JSONReportSuite): Told[] {
	const own = suite.specs.flatMap(({ title, file, line, tests }) =>
		tests.map(({ projectName, status, results }) => ({
			title: `${title} (${projectName}, ${file}:${line})`,
			file,
			status,
			error: results.find(({ error }) => error)?.error?.message
		}))
	);
	return [...own, ...(suite.suites ?? []).flatMap((inner) => testsOf(inner))];
}

/** The beginning of a message, without the places inside the runners. */
function firstLines(text = ''): string {
	const lines = text.split('\n').filter((line) => !/node_modules|node:internal|new Promise/.test(line));
	return lines.slice(0, 12).join('\n');
}
