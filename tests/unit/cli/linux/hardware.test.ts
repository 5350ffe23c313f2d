import { describe, expect, it } from 'vitest';
import { terminal } from './terminal.ts';

describe('the machine', () => {
	it('has the processors and the memory that its nodes report, wherever one asks', async () => {
		const { run } = await terminal();
		const node = await run(
			'kubectl get node basic-worker -o jsonpath="{.status.capacity.cpu} {.status.capacity.memory}"',
		);
		const [cpu, memory] = node.split(' ');
		expect(await run('nproc')).toBe(`${cpu}\n`);
		expect(await run('docker exec basic-worker nproc')).toBe(`${cpu}\n`);
		expect(await run('grep -c ^processor /proc/cpuinfo')).toBe(`${cpu}\n`);
		expect(`${(await run("awk '/MemTotal/ { print $2 }' /proc/meminfo")).trim()}Ki`).toBe(memory);
		expect(`${(await run("free | awk '/Mem:/ { print $2 }'")).trim()}Ki`).toBe(memory);
	});

	it('tells getconf the same, and what it does not know it says so of', async () => {
		const { run } = await terminal();
		expect(await run('getconf _NPROCESSORS_ONLN')).toBe(await run('nproc'));
		expect(await run('docker exec basic-worker getconf PAGESIZE; getconf LONG_BIT; getconf ARG_MAX')).toBe(
			'4096\n64\n2097152\n',
		);
		expect(await run('echo $(( $(getconf _PHYS_PAGES) * $(getconf PAGESIZE) / 1024 ))')).toBe(
			await run("free -k | awk '/Mem:/ { print $2 }'"),
		);
		expect(await run('getconf PATH_MAX /; getconf FOO 2>&1; echo $?; getconf -a 2>&1 | wc -l')).toBe(
			"4096\ngetconf: Unrecognized variable `FOO'\n2\n1\n",
		);
	});

	it('has been up since before the lab began, and says so by its clock', async () => {
		const { run } = await terminal();
		const before = Number((await run('cut -d. -f1 /proc/uptime')).trim());
		await run('sleep 90');
		expect(Number((await run('cut -d. -f1 /proc/uptime')).trim()) - before).toBe(90);
		expect(await run('uptime -p')).toMatch(/^up \d+ minutes?\n$/);
	});

	it('shows a container an overlay over its disk', async () => {
		const { run } = await terminal();
		expect(await run('docker exec basic-worker df / | tail -1')).toMatch(/^overlay +490617784 /);
		expect(await run('df -h / | tail -1')).toMatch(/^\/dev\/nvme0n1p2 +468G /);
	});
});
