/** What outlives a pod: claims of the node's directories, directories of the node itself. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

const run = (name: string, mounts: string, volume: string, image = 'busybox'): string => `kubectl apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  nodeName: basic-worker
  containers: [{name: c, image: ${image}, ${image === 'busybox' ? 'command: [sleep, "3600"], ' : ''}volumeMounts: [${mounts}]}]
  volumes: [{name: d, ${volume}}]
END
kubectl wait --for=condition=ready pod ${name}`;

it('a claim keeps what was written, is a directory of its node, and goes with it', async () => {
	const at = await terminal();
	await at.run(`kubectl apply -f - <<'END'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: first}
spec:
  containers: [{name: c, image: busybox, command: [sleep, "3600"], volumeMounts: [{name: d, mountPath: /data}]}]
  volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
END
kubectl wait --for=condition=ready pod first`);
	await at.run("kubectl exec first -- sh -c 'mkdir /data/site; echo kept > /data/site/index.html'");
	const node = (await at.run("kubectl get pod first -o jsonpath='{.spec.nodeName}'")).trim();
	const volume = (await at.run("kubectl get pvc data -o jsonpath='{.spec.volumeName}'")).trim();
	const path = `/var/local-path-provisioner/${volume}_default_data`;
	expect(await at.run(`docker exec ${node} cat ${path}/site/index.html`)).toBe('kept\n');
	expect(await at.run(`docker exec ${node} ls -ld ${path}`)).toMatch(/^drwxrwxrwx 3 root root /);
	await at.run('kubectl delete pod first --grace-period=1');
	await at.run(`kubectl apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: {name: second}
spec:
  containers:
  - name: web
    image: nginx
    volumeMounts: [{name: d, mountPath: /usr/share/nginx/html, subPath: site}, {name: d, mountPath: /new, subPathExpr: $(HOSTNAME_)}]
    env: [{name: HOSTNAME_, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
  volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
END
kubectl wait --for=condition=ready pod second`);
	expect(await at.run('kubectl exec second -- curl -s localhost')).toBe('kept\n');
	expect(await at.run(`docker exec ${node} ls ${path}`)).toBe('second\nsite\n');
	await at.run('kubectl delete pod second --grace-period=1; kubectl delete pvc data; sleep 20');
	expect(await at.run('kubectl get pv')).toBe('No resources found\n');
	expect(await at.run(`docker exec ${node} ls /var/local-path-provisioner`)).toBe('');
});

it('a volume stays while a claim has it', async () => {
	const at = await terminal();
	await at.run(`kubectl apply -f - <<'END'
apiVersion: v1
kind: PersistentVolume
metadata: {name: v}
spec: {storageClassName: normal, capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /mnt/v}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: c}
spec: {storageClassName: normal, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
END
sleep 1`);
	expect(await at.run('kubectl describe pv v')).toContain('\nFinalizers:      [kubernetes.io/pv-protection]\n');
	await at.run('kubectl delete pv v --wait=false; sleep 5');
	expect(await at.run('kubectl get pv v --no-headers')).toMatch(/^v +1Gi +RWO +Retain +Terminating +default\/c /);
	await at.run('kubectl delete pvc c; sleep 5');
	expect(await at.run('kubectl get pv')).toBe('No resources found\n');
});

it('a directory of the node is the pod’s and the node’s alike, and is what it is asked to be', async () => {
	const at = await terminal();
	await at.run(run('maker', '{name: d, mountPath: /d}', 'hostPath: {path: /mnt/new, type: DirectoryOrCreate}'));
	await at.run('kubectl exec maker -- sh -c "echo pod > /d/x"');
	expect(await at.run("docker exec basic-worker sh -c 'cat /mnt/new/x; echo node > /mnt/new/y'")).toBe('pod\n');
	expect(await at.run('kubectl exec maker -- cat /d/y')).toBe('node\n');
	await at.run(
		`${run('wants', '{name: d, mountPath: /d}', 'hostPath: {path: /mnt/file, type: File}').split('\nkubectl wait')[0]}\nsleep 5`,
	);
	expect(await at.run('kubectl describe pod wants | tail -1')).toMatch(
		/FailedMount .* MountVolume.SetUp failed for volume "d" : hostPath type check failed: \/mnt\/file is not a file\n$/,
	);
	await at.run('docker exec basic-worker touch /mnt/file; sleep 130');
	expect(await at.run('kubectl get pod wants --no-headers')).toMatch(/^wants +1\/1 +Running/);
});

it('memory has no more room than it was given', async () => {
	const at = await terminal();
	await at.run(run('mem', '{name: d, mountPath: /m}', 'emptyDir: {medium: Memory, sizeLimit: 1Ki}'));
	expect(await at.run("kubectl exec mem -- sh -c 'echo small > /m/a && cat /m/a'")).toBe('small\n');
	expect(await at.run('kubectl exec mem -- sh -c "seq 1 1000 > /m/b"')).toContain('No space left on device');
});

it('what a volume holds in memory is in a tmpfs, whose directory is sticky; a ConfigMap is on the disk', async () => {
	const at = await terminal();
	await at.run(`kubectl create secret generic s --from-literal=a=b
kubectl create configmap m --from-literal=a=b
kubectl apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: c
    image: busybox
    command: [sleep, "3600"]
    volumeMounts: [{name: s, mountPath: /s}, {name: m, mountPath: /m}, {name: e, mountPath: /e}]
  volumes: [{name: s, secret: {secretName: s}}, {name: m, configMap: {name: m}}, {name: e, emptyDir: {medium: Memory}}]
END
kubectl wait --for=condition=ready pod p`);
	const mode = async (path: string): Promise<string> =>
		(await at.run(`kubectl exec p -- ls -ld ${path}`)).split(' ')[0]!;
	for (const path of ['/s', '/e', '/var/run/secrets/kubernetes.io/serviceaccount'])
		expect(await mode(path)).toBe('drwxrwxrwt');
	expect(await mode('/m')).toBe('drwxrwxrwx');
});

it('a claim that the provisioner makes nothing of waits, and says why', async () => {
	const at = await terminal();
	const claim = (name: string, spec: string): string => `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}}
spec: {resources: {requests: {storage: 1Mi}}, ${spec}}
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  containers: [{name: c, image: busybox, command: [sleep, "3600"], ${name === 'block' ? 'volumeDevices: [{name: d, devicePath: /dev/x}]' : 'volumeMounts: [{name: d, mountPath: /d}]'}}]
  volumes: [{name: d, persistentVolumeClaim: {claimName: ${name}}}]
`;
	await at.run(`kubectl apply -f - <<'END'
${claim('many', 'accessModes: [ReadWriteMany]')}
${claim('readers', 'accessModes: [ReadWriteOnce, ReadOnlyMany]')}
${claim('picky', 'accessModes: [ReadWriteOnce], selector: {matchLabels: {a: b}}')}
${claim('block', 'accessModes: [ReadWriteOnce], volumeMode: Block')}
${claim('plain', 'accessModes: [ReadWriteOnce]')}
END
sleep 60`);
	const told = (name: string): Promise<string> =>
		at.run(
			`kubectl get events --field-selector involvedObject.kind=PersistentVolumeClaim,involvedObject.name=${name},reason=ProvisioningFailed -o jsonpath='{range .items[*]}{.type}/{.count}/{.message}{end}'`,
		);
	const failed = 'failed to provision volume with StorageClass "standard": ';
	expect(await told('many')).toBe(`Warning/3/${failed}Only support ReadWriteOnce access mode`);
	expect(await told('readers')).toBe(`Warning/3/${failed}Only support ReadWriteOnce access mode`);
	expect(await told('picky')).toBe(`Warning/3/${failed}claim.Spec.Selector is not supported`);
	expect(await told('block')).toBe('Warning/1/rancher.io/local-path does not support block volume provisioning');
	expect(await told('plain')).toBe('');
	expect(await at.run("kubectl get pvc,pod --no-headers | awk '{print $1, $2, $3}'")).toMatch(
		/claim\/many Pending standard\n.*claim\/picky Pending standard\n.*claim\/plain Bound pvc-.*\n.*claim\/readers Pending standard\n(.*\n)*pod\/many 0\/1 Pending\n/,
	);
	await at.run('kubectl delete pod many --grace-period=0; kubectl delete pvc many; sleep 40');
	expect(await told('many')).toContain('Warning/3/');
});
