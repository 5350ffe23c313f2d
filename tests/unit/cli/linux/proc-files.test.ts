import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('every process that ps shows has its folder in /proc, in each kind of place', async () => {
	const t = await terminal();
	const agrees = `for p in $(ps -e -o pid= -o comm= | grep -v ' ps$' | awk '{ print $1 "=" $2 }'); do
[ "$(cat /proc/\${p%%=*}/comm 2>&1)" = "\${p#*=}" ] || echo "\${p}"; done`;
	await t.file('agrees.sh', agrees);
	expect(await t.run('ps -e | wc -l')).toMatch(/^\d\d+\n$/);
	expect(await t.run('docker exec -i basic-worker bash < agrees.sh 2>&1 | grep -v "bash\\|ps\\|grep\\|awk"')).toBe('');
	expect(await t.run('cat /proc/1/comm; readlink /proc/1/ns/net /proc/self/ns/net')).toBe(
		'systemd\nnet:[4026531840]\nnet:[4026531840]\n',
	);
	expect(
		await t.run(
			"docker exec basic-worker sh -c 'readlink /proc/1/ns/net; lsns -t net -o NS | tail -n +2 | sort -u | grep -c .'",
		),
	).toMatch(/^net:\[402653\d{4}\]\n\d+\n$/);
});

test('the workstation and nodes have the files of their system, in agreement with what programs say', async () => {
	const t = await terminal();
	expect(
		await t.run('grep -c . /etc/passwd; grep learner /etc/passwd; id -un learner; . /etc/os-release; echo $VERSION'),
	).toBe('23\nlearner:x:1000:1000:Learner,,,:/home/learner:/bin/bash\nlearner\n22.04.1 LTS (Jammy Jellyfish)\n');
	expect(await t.run('cat /etc/shadow')).toBe('cat: /etc/shadow: Permission denied\n');
	expect(await t.run('diff <(mount | cut -d" " -f1,3,5) <(cut -d" " -f1,2,3 /proc/mounts) && echo same')).toBe(
		'same\n',
	);
	expect(
		await t.run(
			"kubectl get node basic-worker -o jsonpath='{.status.nodeInfo.osImage}{\"\\n\"}'; docker exec basic-worker sh -c '. /etc/os-release; echo $PRETTY_NAME'",
		),
	).toMatch(/^(.+)\n\1\n$/);
});

test('a pod sees its volumes as mounts', async () => {
	const t = await terminal();
	await t.run('kubectl run v --image=busybox --command -- sleep 3600; kubectl wait --for=condition=Ready pod/v');
	expect(
		await t.run(
			"kubectl exec v -- sh -c 'grep -c serviceaccount /proc/mounts; mount | grep serviceaccount | cut -c1-60'",
		),
	).toBe('1\ntmpfs on /var/run/secrets/kubernetes.io/serviceaccount type \n');
	expect(await t.run('kubectl exec v -- sh -c \'tr "\\0" " " < /proc/1/cmdline; ls /proc/1/ns | head -2\'')).toBe(
		'sleep 3600 cgroup\nipc\n',
	);
});
