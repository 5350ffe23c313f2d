/** What Docker's own containers run, as somebody with docker sees it: output, logs, codes, signals, restarts. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from './linux/terminal.ts';

let lab: Terminal;
beforeEach(async () => {
	lab = await terminal();
	await lab.run('docker pull busybox');
});
const COUNT = `sh -c 'i=0; while :; do i=$((i+1)); echo tick $i; sleep 1; done'`;

describe("a container of Docker's", () => {
	test('writes to who started it and into its log, and ends with its own code', async () => {
		expect(await lab.run(`docker run --name x busybox sh -c 'printf a; echo b >&2; exit 3'`)).toBe('ab\n');
		expect(lab.code()).toBe(3);
		expect(await lab.run(`docker run --name y busybox sh -c 'echo one; echo two'; docker logs y`)).toBe(
			'one\ntwo\none\ntwo\n',
		);
		expect(await lab.run(`docker ps -a --format '{{.Names}} {{.Status}}' | head -2`)).toMatch(
			/^y Exited \(0\) .*\nx Exited \(3\) /,
		);
		expect(await lab.run('echo typed | docker run -i --rm busybox sh -c "read a; echo got $a" | head -1')).toMatch(
			/^got/,
		);
		expect(await lab.run('docker run --rm -e A=b busybox env')).toMatch(/^A=b$/m);
	});

	test('goes on in the background, where its log can be followed and its processes seen', async () => {
		await lab.run(`docker run -d --name l busybox ${COUNT}; sleep 3`);
		expect(await lab.run('docker logs l')).toBe('tick 1\ntick 2\ntick 3\n');
		expect(await lab.run('docker logs -t --tail 1 l')).toMatch(/^2022-\S+Z tick 3\n$/);
		expect(await lab.run('timeout 2 docker logs -f --tail 0 l')).toBe('tick 4\ntick 5\n');
		expect(await lab.run('docker top l')).toMatch(/ sleep 1\n$/);
		await lab.run('docker run -d --name z -e A=b busybox sleep 100');
		expect((await lab.run('docker exec z ps')).match(/sleep 100/g)).toHaveLength(1);
		expect(await lab.run('docker exec l ps')).toMatch(/^ +1 root +0:00 sh -c i=0;/m);
	});

	test('is killed when it does not mind SIGTERM, and may say goodbye when it does', async () => {
		await lab.run(`docker run -d --name l busybox ${COUNT}`);
		await lab.run('docker stop -t 3 l');
		expect(await lab.run(`docker inspect -f '{{.State.ExitCode}}' l`)).toBe('137\n');
		await lab.run(`docker run -d --name t busybox sh -c 'trap "echo bye; exit 7" TERM; while :; do sleep 1; done'`);
		expect(await lab.run('docker kill -s TERM t; docker wait t; docker logs t')).toBe('t\n7\nbye\n');
	});

	test('begins again as its restart policy says, and by hand with the same log', async () => {
		await lab.run(`docker run -d --restart on-failure:2 --name r busybox sh -c 'echo go; exit 1'; sleep 3`);
		expect(await lab.run('docker logs r')).toBe('go\ngo\ngo\n');
		await lab.run('docker start r; sleep 1');
		expect((await lab.run('docker logs r')).split('\n').length).toBeGreaterThan(4);
	});

	test('greets by the program of its image', async () => {
		expect(await lab.run('docker run --name h hello-world; docker logs h')).toMatch(
			/\n\nHello from Docker!\n[\s\S]*get-started\/\n\n\nHello from Docker!/,
		);
		expect(lab.code()).toBe(0);
	});
});
