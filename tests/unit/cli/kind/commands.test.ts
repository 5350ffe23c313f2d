/** kind beside creating: logs, images, and what it says where something is wrong. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let t: Terminal;
beforeAll(async () => {
	t = await terminal();
});

describe('kind export logs', () => {
	test('has what the nodes and Docker tell of themselves', async () => {
		expect(await t.run('kind export logs --name basic logs')).toBe('Exporting logs for cluster "basic" to:\nlogs\n');
		expect(await t.run('ls -1 logs logs/basic-worker')).toBe(
			'logs:\nbasic-control-plane\nbasic-worker\nbasic-worker2\nbasic-worker3\ndocker-info.txt\nkind-version.txt\n\nlogs/basic-worker:\ncontainerd.log\ncontainers\nimages.log\ninspect.json\njournal.log\nkubelet.log\nkubernetes-version.txt\npods\nserial.log\n',
		);
		const same = async (file: string, command: string): Promise<void> => {
			const written = await t.run(`cat logs/${file}`);
			expect(written).not.toBe('');
			expect(written).toBe(await t.run(command));
		};
		await same('basic-worker/kubelet.log', 'docker exec basic-worker journalctl --no-pager -u kubelet.service');
		await same('basic-worker/images.log', 'docker exec basic-worker crictl images');
		await same('basic-worker/serial.log', 'docker logs basic-worker 2>&1');
		await same('docker-info.txt', 'docker info');
		// Links are the files behind them.
		await same(
			'basic-worker/containers/kube-proxy-*.log',
			'docker exec basic-worker sh -c "cat /var/log/pods/kube-system_kube-proxy-*/kube-proxy/0.log"',
		);
	});

	test('makes a folder of its own, and knows its clusters', async () => {
		expect(await t.run('kind -q export logs --name basic')).toMatch(/^\/tmp\/\d+\n$/);
		expect(await t.run('kind export logs --name basic /tmp/l; find /tmp/l -name "*.log" | wc -l')).toMatch(
			/^Exporting logs for cluster "basic" to:\n\/tmp\/l\n\d{2,3}\n$/,
		);
		expect(await t.run('kind export logs --name zz')).toBe('ERROR: unknown cluster "zz"\n');
	});
});

describe('kind', () => {
	test('loads images that Docker has onto nodes there are', async () => {
		expect(await t.run('kind load docker-image nowhere -n basic')).toBe(
			'ERROR: image: "nowhere" not present locally\n',
		);
		await t.run('docker pull busybox:1.36');
		expect(await t.run('kind load docker-image busybox:1.36 -n zz')).toBe('ERROR: no nodes found for cluster "zz"\n');
		expect(await t.run('kind load docker-image busybox:1.36 -n basic --nodes q')).toBe('ERROR: unknown node: "q"\n');
		expect(await t.run('kind load image-archive no.tar')).toBe('ERROR: stat no.tar: no such file or directory\n');
		expect(await t.run('kind load image-archive')).toBe('ERROR: name of image archive is required\n');
	});

	test('wants a subcommand, and no words it has no use for', async () => {
		expect(await t.run('kind delete')).toMatch(
			/^Deletes one of \[cluster\]\n[\s\S]*\nERROR: Subcommand is required\n$/,
		);
		expect(await t.run('kind delete cluster basic')).toBe('ERROR: unknown command "basic" for "kind delete cluster"\n');
		expect(await t.run('kind get clusters')).toBe('basic\n');
		expect(await t.run('kind build node-image')).toMatch(/^ERROR: error building node image: error finding kuberoot: /);
	});
});
