import { beforeEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from './bench.ts';

let b: Bench;
beforeEach(() => {
	b = bench();
});

/** What `kubectl get -o yaml` prints, in a file, under another name. */
async function saved(name: string): Promise<void> {
	await b.run('kubectl create configmap old --from-literal=a=1');
	const { out } = await b.run('kubectl get configmap old -o yaml');
	expect(out).toContain('resourceVersion:');
	b.files.set('/home/learner/saved.yaml', out.replace('name: old', `name: ${name}`));
}

describe('an object that was read', () => {
	it.each([
		['create', 'new', 'configmap/new created\n'],
		['apply', 'new', 'configmap/new created\n'],
		['replace --force', 'old', 'configmap "old" deleted\nconfigmap/old replaced\n'],
	])('may be made again: %s', async (verb, name, screen) => {
		await saved(name);
		expect(await b.screen(`kubectl ${verb} -f saved.yaml`)).toBe(screen);
	});

	it('is compared without its version where there is none yet', async () => {
		await saved('new');
		const { out, err } = await b.run('kubectl diff -f saved.yaml');
		expect(err).toBe('');
		expect(out).toContain('+  name: new\n');
	});
});
