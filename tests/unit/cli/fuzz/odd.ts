/** More to type: tools of nodes and agents, awk and sed in earnest, and shapes that shells trip over. */

const lines = (text: string): readonly string[] =>
	text
		.trim()
		.split('\n')
		.map((line) => line.trim());

/** True lines of what came after the first lessons. */
export const LATER_LINES = lines(String.raw`
	docker exec basic-worker crictl ps -a
	docker exec basic-worker crictl pods --namespace kube-system -o json
	docker exec basic-worker crictl inspect $(docker exec basic-worker crictl ps -q | head -1)
	docker exec basic-worker crictl images -q
	docker exec basic-worker crictl exec -it x sh
	docker exec basic-control-plane kubeadm token create --print-join-command
	docker exec basic-control-plane kubeadm certs check-expiration
	docker exec basic-control-plane kubeadm reset -f
	kubectl exec -n kube-system etcd-basic-control-plane -- etcdctl get / --prefix --keys-only
	kubectl exec -n kube-system etcd-basic-control-plane -- etcdctl --cacert=/etc/kubernetes/pki/etcd/ca.crt member list -w table
	kubectl exec -n kube-system ds/cilium -- cilium-dbg bpf ct list global
	kubectl exec -n kube-system ds/cilium -- cilium-dbg endpoint get 1 -o jsonpath='{[*].status.identity.id}'
	kubectl exec -n kube-system ds/cilium -- cilium-dbg map get cilium_lxc
	kubectl exec -n kube-system ds/cilium -- hubble observe --last 5 -o json
	kubectl exec -n kube-system ds/cilium -- hubble observe --verdict DROPPED -f
	kubectl exec -n kube-system ds/cilium -- cilium-health status --probe
	kubectl kustomize .
	kubectl apply -k .
	kubectl get --raw /api/v1/namespaces/default/pods?watch=1
	kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{"\n"}}{{end}}'
	kubectl proxy --port=8001 &
	kubectl port-forward svc/svc-echoserver 8080:8080 &
	kubectl cp webdemo.yaml deploy/deploy-echoserver:/tmp/x
	kubectl run b --image=busybox:1.36 --restart=Never -- sh -c 'while true; do date; sleep 1; done'
	kubectl run c --image=busybox --command -- sh -c 'exit 3'
	kubectl logs b -f --timestamps
	kubectl create job j --image=busybox -- sh -c 'seq 1 100 | sort -rn | head -3'
	kubectl create cronjob cj --schedule='*/1 * * * *' --image=busybox -- date
	kubectl create secret generic s --from-literal=a='b c' --from-file=webdemo.yaml
	kubectl create configmap m --from-file=. --dry-run=client -o yaml
	kubectl create token default --duration=1h
	kubectl auth can-i --list --as=system:serviceaccount:default:default
	kubectl autoscale deploy deploy-echoserver --min=1 --max=5
	kubectl scale deploy deploy-echoserver --replicas=300
	kubectl attach b -it
	kubectl diff -f webdemo.yaml
	kubectl edit deploy deploy-echoserver
	kubectl events --for pod/b
	kubectl get pods -o custom-columns-file=/nope
	kubectl label pods --all 'x=<b>'
	kubectl annotate node basic-worker note='<img src=x onerror=alert(1)>'
	openssl x509 -in /etc/kubernetes/pki/ca.crt -noout -text
	openssl s_client -connect 172.18.0.4:6443
	docker exec basic-control-plane openssl x509 -noout -dates -in /etc/kubernetes/pki/apiserver.crt
	docker run --rm busybox sh -c 'echo $0 $@' a b
	docker run -d --name web -p 8088:80 nginx
	docker run --rm --network kind nicolaka/netshoot curl -s 172.18.0.3:32017
	docker logs web
	docker rm -f web
	docker build -t x .
	docker ps --filter status=exited --format json
	docker exec basic-worker journalctl -u kubelet -n 5 --no-pager
	docker exec basic-worker journalctl -u kubelet -f
	docker exec basic-worker systemctl status kubelet
	docker exec basic-worker nsenter -t 1 -n ip a
	docker exec basic-worker ip -s -d -j neigh
	docker exec basic-worker ip monitor
	docker exec basic-worker bash -c 'ip netns | while read n _; do ip netns exec $n ip -br a; done'
	docker exec basic-worker tcpdump -w - -c 3 | od -c | head
	docker exec basic-worker bpftool prog show -p
	docker exec basic-worker iptables -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080
	docker exec basic-worker iptables-save -c | docker exec -i basic-worker iptables-restore
	docker exec basic-worker nft list ruleset
	docker exec basic-worker cat /proc/net/tcp /proc/self/status
	docker exec basic-worker find / -name '*.conf' -newer /etc/hosts
	docker exec basic-worker ls -laR /etc
	helm create x
	helm lint x
	helm install y ./x --dry-run --debug
	cilium connectivity test --test no-policies
	cilium hubble enable --ui
	cilium sysdump
	strace -e trace=network curl -s 172.18.0.3:32017
	dig +trace kubernetes.default.svc.cluster.local
	nc -lk 8080 &
	echo hi | nc -u -w1 172.18.0.3 53
	socat - TCP:172.18.0.3:32017
	python3 -c 'print(1)'
	trap 'echo bye' EXIT INT TERM
	set -euo pipefail; set -x
	mapfile -t a < <(kubectl get pods -o name); printf '%s|' "${'$'}{a[@]}"
	declare -A m=([a]=1 [b]=2); for k in "${'$'}{!m[@]}"; do echo $k=${'$'}{m[$k]}; done
	f() { local x=$1; [ $x -gt 0 ] && f $((x - 1)); echo $x; }; f 9
	printf '%05.2f %-8s| %b %q\n' 3.14159 a '\x41\n' "it's"
	IFS=: read -r a b c <<< 'x:y:z'; echo $c$b$a
	wait; jobs -l; kill %1; fg
	exec 3> out; echo a >&3; exec 3>&-; cat out
	(sleep 1; echo late) & wait $!; echo $?
	timeout 2 tail -f /var/log/syslog
	diff <(echo a) <(echo b)
	{ echo a; echo b >&2; } 2>&1 | tac
	xargs -P4 -I{} sh -c 'echo {}; exit 255' < webdemo.yaml
`);

/** Programs of awk, sed, jq and friends: whole, odd, broken. */
export const PROGRAMS = lines(String.raw`
	awk 'BEGIN{while((getline l < "webdemo.yaml")>0)n++;print n}'
	awk 'BEGIN{printf "%s %d %c %5.2f %", "a", "1e3", 65, 3}'
	awk -F'[:,]' -v OFS='|' '{$1=$1; print; next} END{print NR, NF, $NF, FNR}'
	awk '{gsub(/[a-z]+/,"<&>"); print toupper(substr($0,2,10)), length, index($0,"a"), split($0,a,//)}'
	awk 'function f(n){return n<2?n:f(n-1)+f(n-2)} BEGIN{print f(25)}'
	awk 'function f(n){return f(n+1)} BEGIN{f(1)}'
	awk 'BEGIN{x["a"];delete x;print length(x); print substr("héllo",2,2)}'
	awk 'BEGIN{print -1 " " -1, 1/3, 2^53+1, 1e300*1e300, log(-1), "a" < "b"}'
	awk 'BEGIN{s="x"; while(1) s=s s}'
	awk '/a/,/b/{print | "sort"} END{close("sort"); system("echo hi")}'
	awk 'BEGIN{print substr("abc",-1,3) > "/dev/stderr"; exit 300}'
	awk '{print $-1}'
	awk '{print $(1e9)}'
	awk 'BEGIN{"date" | getline d; print d; print ENVIRON["HOME"] ARGV[0]}'
	awk 'BEGIN { printf("%*d\n", 100000000, 1) }'
	awk '@'
	sed ':a;s/.*/&&/;ta'
	sed ':a;N;$!ba;s/\n/,/g'
	sed -E 's/(a+)+$/x/;s/([a-z]*)*b/\1/'
	sed 's/\(.*\)\(.*\)/\2\1/;h;G;x;P;D'
	sed -n '/a/,/b/{=;p;l}'
	sed '1~2d;$!N;y/abc/xyz/'
	sed 's/a/\U&\E\x41\n/gI'
	sed -i.bak 's/Pod/Pid/w out' webdemo.yaml
	sed 'b x'
	sed '{'
	sed 'y/a/bc/'
	sed -f webdemo.yaml
	sed ':a;ba'
	sed 's/x*/-/g;100q5'
	grep -P '(?<=a)b|(a|a)*$'
	grep -E '(.*)*(.*)*(.*)*x'
	grep -oE '[0-9]{1,3}(\.[0-9]{1,3}){3}'
	grep -rn '\(' / 
	grep -f webdemo.yaml -vwx
	jq -n '[limit(5;repeat(1))]'
	jq 'def f: f; f'
	jq -n 'reduce range(1000000) as $i (0;.+$i)'
	jq -r '.. | strings | @html'
	jq '[range(1e9)]'
	jq 'input_line_number, $__loc__, (try error("x") catch .)'
	yq -i '.a.b[0] = "c"' webdemo.yaml
	yq eval-all '. as $i ireduce ({}; . * $i)' webdemo.yaml
	sort -t: -k2,2nr -k1.3 -u -s
	sort -R | shuf
	tr -cd '[:alnum:]\n'
	tr '\000-\377' x
	cut -c-3,5- --complement
	head -c -5
	tail -c +9999999999
	od -A x -t x1z -v
	xxd | head -3
	base64 -w0 | md5sum
	paste -sd, - -
	column -t -s,
	fold -w 3 -s
	nl -ba
	join - webdemo.yaml
	split -l 1 - part
	tee /dev/stderr /nope/x >/dev/full
	xargs -0 -n 1 -P 0 kubectl describe
	dd bs=1 count=10
	expr 1 + 
	bc -l
	gzip -c | gunzip | cksum
	tar cz - | tar tzv
	less
	vi -
`);

/** Files to read and write that are none, or are not as others. */
export const ODD_FILES =
	`/dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tcp/172.18.0.3/32017 /dev/stdin /dev/stdout /dev/fd/9 /dev/tty
	/proc/self/fd/1 /proc/sys/net/ipv4/ip_forward /proc/1/environ /proc/kmsg /sys/class/net/eth0/mtu /etc /etc/passwd /etc/shadow /
	. .. ./-rf -x --help /nope/x ~/x ~nobody/x "a b" 'é 日本' 'a
b' $(x) $x "$x" "" '' * webdemo.* &1 &9 &- {a,b} /home/learner/.kube/config ../../../../etc/hosts /tmp//x/../y`
		.split(/(?<!a)\s+(?!b)/)
		.map((word) => word.trim());

type One = <T>(all: readonly T[]) => T;

/** Shapes around a line: quotes in quotes, documents in documents, thousands of anything. */
export function oddShape(line: string, other: string, one: One, below: (n: number) => number): string {
	const many = [3, 30, 300, 3000][below(4)]!;
	const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
	const file = () => one(ODD_FILES);
	const shapes: readonly (() => string)[] = [
		() => `bash -c ${quoted(line)}`,
		() => `bash -c ${quoted(`sh -c ${quoted(`eval ${quoted(line)}`)}`)}`,
		() => `docker exec basic-worker sh -c ${quoted(line)}`,
		() => `kubectl exec deploy/deploy-echoserver -- sh -c ${quoted(line)}`,
		() => `kubectl run f${below(1000)} --image=busybox --restart=Never -- sh -c ${quoted(line)}; sleep 5`,
		() => `docker run --rm busybox sh -c ${quoted(line)}`,
		() => `echo "a $(echo "b $(${line} | head -2) '$(${other})'")"`,
		() => `${line} > ${file()}`,
		() => `${line} < ${file()}`,
		() => `${line} ${one(['>>', '&>', '2>', '>|', '<>', '3>', '2>&1 >', '&>>'])} ${file()} | ${other}`,
		() => `cat ${file()} ${file()} | head -c 2000; ls -la ${file()}; rm -rf ${file()}; echo x > ${file()}`,
		() => `${line}${' | cat'.repeat(many)}`,
		() => `${line}${' | cat -n'.repeat(Math.min(many, 300))} | tail -1`,
		() => 'true && '.repeat(many) + line,
		() => `${'('.repeat(many)}${line}${')'.repeat(many)}`,
		() => `${'$('.repeat(many)}${line}${')'.repeat(many)}`,
		() => `${'{ '.repeat(many)}${line};${' }'.repeat(many)}`,
		() => `${'if true; then '.repeat(many)}${line}${'; fi'.repeat(many)}`,
		() => `${'eval '.repeat(many)}${line}`,
		() => `${'! '.repeat(many)}${line}`,
		() => `echo ${'a b<c> 日 '.repeat(many * 10)} | ${other}`,
		() => `x=${'y'.repeat(many * 10)}; x=$x$x$x; echo \${#x} "\${x//y/zz}" | ${other}`,
		() => `printf '${'%s'.repeat(many)}' $(seq 1 ${many}) | ${other}`,
		() => `seq 1 ${many * 10} | ${one(PROGRAMS)}`,
		() => `seq 1 ${many * 10} | while read i; do echo "$i"; done | ${one(PROGRAMS)}`,
		() => `head -c ${many * 100} /dev/urandom | ${one(PROGRAMS)}`,
		() => `yes '${one(['<b>', 'é', 'a b', ''])}' | head -${many * 10} | ${one(PROGRAMS)}`,
		() => `yes | ${one(PROGRAMS)}`,
		() => `printf '\\x00\\xff\\xfe\\xc3\\x28\\xed\\xa0\\x80\\n%b' '\\0101' | ${one(PROGRAMS)}`,
		() => `printf '\\xff' > b; cat b | ${other}; kubectl create cm b${below(99)} --from-file=b -o yaml`,
		() => `cat <<'A' | ${one(PROGRAMS)}\n${line}\n$(${other}) \`x\` \${y\nA`,
		() => `cat <<A <<-B 3<<C\n${line}\nA\n\t$(${other})\n\tB\n\${x:-${one(ODD_FILES)}}\nC`,
		() => `bash <<A\n${line}\ncat <<B\n$(${other})\nB\nA`,
		() => `sh -s ${file()} <<'A'\n${line}\necho $1\nA`,
		() => `while read -r l; do ${line}; done <<< "$(${other})"`,
		() => `f() { ${line}; ${other}; }; f | f; f & wait`,
		() => `${line} & ${other} & jobs; kill %1 %2; wait`,
		() => `time timeout 3 ${line} |& ${one(PROGRAMS)}`,
		() => `trap '${other.replaceAll("'", '')}' EXIT; ${line}`,
		() => `PS4='<b>' bash -x -c ${quoted(line)}`,
		() => `alias x='${other.replaceAll("'", '')}'; x; unalias x`,
		() => `a=(${line}); echo "\${a[@]:1:3}" "\${#a[@]}" "\${a[*]^^}" "\${!a[@]}" "\${a[-1]%%o*}"`,
		() => `case "$(${line})" in *[![:print:]]*) ${other};; a|b*) :;& *) echo c;; esac`,
		() =>
			`echo $((${one(['1/0', '2**63', '0x', '08', '1<<64', 'a=b=1', '-9223372036854775808/-1', '1?2', '((', 'x[0]++', '36#z'])}))`,
		() =>
			`kubectl get pods -o jsonpath='${one(['{', '{.items[*]', '{range}{end}', '{.items[-1:]}', '{.items[?(@.a==1)]}', "{'<b>'}", '{..*}', '{.items[::0]}', '{@}', '{.a\\.b}', '{.items[?(@.metadata.name=~"x")]}'])}'`,
		() =>
			`kubectl get pods -o go-template='${one(['{{', '{{.}}', '{{range .items}}', '{{printf "%s" .}}', '{{index .items 99}}', '{{template "x"}}', '{{define "x"}}{{template "x"}}{{end}}{{template "x"}}', '{{len 1}}', '{{.items|len|printf "%05d"}}'])}'`,
		() =>
			`cat <<E | kubectl apply -f -\n${one(MANIFESTS)
				.replaceAll('@', one(VALUES))
				.replaceAll('~', one(['b', 'x-1', 'é', 'A', 'a'.repeat(64), '<b>', '', '-']))}\nE`,
		() =>
			`curl -s ${one(['', '-k ', '-v ', '-X POST -d @- ', '-T webdemo.yaml ', '-I ', '--http2 '])}http${one(['', 's'])}://${one(['172.18.0.4:6443', 'localhost', '172.18.0.3:32017', '[::1]', 'a@b:c', '10.96.0.1', '999.1.1.1', 'github.com'])}/${one(['', 'api/v1/pods?limit=1', '../..', '%00', '%', 'é', '?a=<b>', 'healthz', 'api/v1/nodes/basic-worker/proxy/metrics'])}`,
		() => `git ${line}; apt-get install -y ${other}; man ${line}`,
	];
	return one(shapes)();
}

const VALUES = [
	'null',
	'[]',
	'{}',
	'-1',
	'1e999',
	'"<b>"',
	'0',
	'true',
	'99999999999999999999',
	'"\\u0000"',
	'*x',
	'&x [*x]',
	'!!binary x',
	'|\n  a',
	'2026-01-01',
	'"é"',
	'[[[[[[[[[[]]]]]]]]]]',
];

const MANIFESTS = [
	'apiVersion: v1\nkind: Pod\nmetadata: {name: ~, labels: {a: @}}\nspec: {containers: [{name: c, image: @, command: [sh, -c, "echo $X; sleep 3"], env: [{name: X, value: @}]}]}',
	'apiVersion: v1\nkind: Pod\nmetadata: {name: ~}\nspec: {hostNetwork: @, nodeName: basic-worker, initContainers: [{name: i, image: busybox, command: @}], containers: [{name: c, image: nginx, ports: [{containerPort: @}], livenessProbe: {httpGet: {port: @}, periodSeconds: @}}]}',
	'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ~}\nspec: {replicas: @, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: nginx, resources: {limits: {cpu: @, memory: @}}}]}}}',
	'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: ~}\nspec: {serviceName: @, replicas: 2, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {volumes: [{name: v, configMap: {name: @}}], containers: [{name: c, image: nginx, volumeMounts: [{name: v, mountPath: @}]}]}}}',
	'apiVersion: v1\nkind: Service\nmetadata: {name: ~}\nspec: {type: @, clusterIP: @, ports: [{port: @, targetPort: @, nodePort: @}], selector: {app: echoserver}}',
	'apiVersion: v1\nkind: Service\nmetadata: {name: ~}\nspec: {externalIPs: [@], externalTrafficPolicy: Local, type: LoadBalancer, sessionAffinity: @, ports: [{port: 80}], selector: @}',
	'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ~, annotations: {x: @}}\ndata: {a: @, "b/c": "<script>"}',
	'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ~}\nspec: {podSelector: @, ingress: [{from: [{ipBlock: {cidr: @}}], ports: [{port: @}]}]}',
	'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: ~}\nspec: {endpointSelector: @, egress: [{toCIDRSet: [{cidr: @}], toPorts: @}]}',
	'apiVersion: batch/v1\nkind: Job\nmetadata: {name: ~}\nspec: {completions: @, parallelism: @, backoffLimit: @, template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox, args: [@]}]}}}',
	'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: ~}\nspec: {schedule: @, jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: c, image: busybox}]}}}}}',
	'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: ~}\nrules: [{apiGroups: @, resources: [@], verbs: ["*"]}]',
	'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: xs.y.z}\nspec: {group: y.z, scope: @, names: {kind: X, plural: xs}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: @}}]}',
	'kind: List\napiVersion: v1\nitems: @',
	'kind: @\napiVersion: @\nmetadata: @',
	'a: &a [*a]\n---\n- @\n---\n{',
];
