import type { ExerciseWords } from '../../../../src/exercises/index.ts';
import type { en } from './en.ts';

export const ko = {
	'container-count': {
		title: '컨테이너는 몇 개',
		question:
			'설정에 control-plane 역할의 노드 {planes}개와 worker 역할의 노드 {workers}개가 적혀 있습니다. 이 클러스터에 대해 `docker ps` 명령은 컨테이너를 몇 개 보여 줍니까?',
		right:
			'{answer}개를 보여 줍니다. 노드마다 하나, 그리고 컨트롤 플레인이 여럿이라 공통 주소가 필요하면 하나 더입니다.',
		wrong: '먼저 노드를 세십시오. 그다음, API 서버가 여럿일 때 클라이언트가 어디에서 찾는지 생각하십시오.',
		hint: '컨트롤 플레인이 몇이든 kubeconfig에는 API 서버의 주소가 하나 있습니다.',
		misconceptions: {
			'no-balancer':
				'노드는 모두 컨테이너이지만, 컨트롤 플레인이 여럿이면 주소 하나가 모두를 대신해야 합니다. kind는 노드가 아닌 로드 밸런서를 추가합니다.',
			'always-balancer': '컨트롤 플레인이 하나면 API 서버를 고를 일이 없으므로 로드 밸런서도 없습니다.',
			'workers-only': '컨트롤 플레인도 노드이고, 노드는 모두 컨테이너입니다.',
		},
	},
	'address-again': {
		title: '다시 시작한 뒤의 주소',
		question:
			'이 페이지의 클러스터이고, 노드의 주소는 위에 나온 대로입니다. 이때 누군가 {commands} 명령을 칩니다. 이제 {node}의 주소는 무엇입니까?',
		right: '{answer}입니다. Docker는 컨테이너가 시작될 때마다 비어 있는 가장 낮은 주소를 줍니다.',
		wrong: '명령을 하나씩 따라가십시오. 어느 주소가 비고, 누가 먼저 달라고 합니까?',
		hint: '주소는 이름이 아니라 실행 중인 컨테이너의 것입니다. 먼저 시작하는 쪽이 비어 있는 가장 낮은 주소를 가져갑니다.',
		misconceptions: {
			keeps: '전에 쓰던 주소입니다. Docker는 멈춘 컨테이너의 주소를 남겨 두지 않습니다.',
			'next-free': '비게 된 주소는 가장 낮은 것부터 다시 나누어 줍니다.',
			host: '그것은 네트워크에서 머신 쪽 끝의 주소입니다.',
		},
	},
	'safe-config': {
		title: 'Cilium만을 위한 설정',
		question:
			'이 파일은 네트워크의 누구나 API 서버에 닿을 수 있는 클러스터를 만들고 kube-proxy를 설치합니다. Cilium이 모든 일을 할 수 있고 여러분의 머신만 API 서버에 닿도록 고치십시오.',
		right: '한 줄이 kube-proxy를 막고, 루프백 주소가 다른 모두를 막습니다.',
		wrong: '목록에서 아직 빠진 것이 있습니다.',
		hint: '바꿀 것은 모두 networking 아래에 있습니다.',
		goals: {
			cluster: '노드 세 개로 클러스터가 만들어짐',
			'no-network': 'kind가 자체 네트워크 플러그인을 설치하지 않음',
			'no-proxy': '실행 중인 kube-proxy가 없음',
			loopback: 'API 서버가 루프백 주소에만 게시됨',
		},
		hints: {
			refused: 'kind가 파일을 거부했습니다. 어느 줄이나 어느 값이 마음에 들지 않았는지 출력에 있습니다.',
			proxy:
				'disableDefaultCNI 옆에 서비스를 처리하는 방식을 정하는 키가 있습니다. 값은 모드이고, 아예 두지 않는 모드도 있습니다.',
			address: '0.0.0.0 주소는 여러분 머신의 모든 주소를 뜻합니다. 머신이 자기 자신을 부르는 주소는 무엇입니까?',
		},
		misconceptions: {
			'mode-off': '키는 맞습니다. 값은 iptables, ipvs, none입니다(새 버전에는 nftables도 있습니다).',
			'wrong-place': 'kube-proxy는 클러스터 전체의 일입니다. 키는 노드가 아니라 networking 아래에 둡니다.',
			'a-name': '여기에는 이름이 아니라 주소를 적습니다. Docker는 이름을 찾아보지 않습니다.',
			'network-on': 'kind의 자체 네트워크 플러그인이 돌아왔습니다. 네트워크 플러그인은 Cilium 하나여야 합니다.',
			'only-proxy': 'kube-proxy는 없어졌습니다. API 서버는 여전히 여러분 머신에 닿는 모두에게 열려 있습니다.',
			'only-address': 'API 서버는 안전합니다. kube-proxy는 여전히 설치됩니다.',
		},
	},
	'port-twice': {
		title: '노드 둘, 포트 하나',
		question:
			'두 노드가 모두 80번 포트를 게시하려 하고, kind는 중간에 멈춥니다. 파일을 고치십시오. 여러분 머신의 80번 포트는 컨트롤 플레인의 노드로 이어져야 하고, 워커의 80번 포트도 어딘가에 게시되어야 합니다.',
		right: '한 주소의 한 포트는 주인이 하나뿐입니다. 포트를 바꾸어도 되고 주소를 바꾸어도 됩니다.',
		wrong: '두 노드가 여러분의 머신에 무엇을 달라고 하는지 비교하십시오.',
		hint: 'hostPort는 여러분 머신의 포트이고 containerPort는 노드의 포트입니다. 둘 가운데 귀한 것은 하나뿐입니다.',
		goals: {
			cluster: '두 노드로 클러스터가 만들어짐',
			plane: '여러분 머신의 80번 포트가 컨트롤 플레인 노드의 80번 포트로 이어짐',
			worker: '워커의 80번 포트도 게시됨',
		},
		hints: { taken: 'Docker가 어느 포트를 잡지 못했는지 말해 줍니다. 누가 가지고 있습니까?' },
		misconceptions: {
			'container-port': '클러스터는 있지만 이제 워커의 80번 포트로 이어지는 것이 없습니다.',
			'moved-plane': '여러분 머신의 80번 포트는 컨트롤 플레인의 노드에 남아 있어야 합니다.',
			'still-twice': '둘 다 여전히 같은 주소의 같은 포트를 달라고 합니다.',
		},
	},
	'create-order': {
		title: 'kind create cluster의 단계',
		question: '컨트롤 플레인 노드 {planes}개와 워커 2개, {cni} 설정입니다. kind가 밟는 순서대로 단계를 늘어놓으십시오.',
		right: '먼저 컨테이너, 그중 첫 번째에 Kubernetes, 그다음 모든 노드에 필요한 것, 마지막으로 나머지가 들어옵니다.',
		wrong: '앞의 {at}개는 제자리에 있습니다. 다음 단계가 일을 하려면 무엇이 먼저 있어야 합니까?',
		hint: 'API 서버와 말하는 단계는 API 서버를 시작하는 단계보다 앞설 수 없습니다. 워커는 실행 중인 것에 들어갑니다.',
		misconceptions: {
			'workers-first': '워커는 컨트롤 플레인에 들어갑니다. 그것이 먼저 실행되어야 합니다.',
			'image-late': '컨테이너는 이미지로 시작하므로 이미지가 먼저 있어야 합니다.',
			'config-first': 'kubeadm의 설정은 노드의 컨테이너 안에 쓰므로 컨테이너가 먼저입니다.',
		},
	},
	'without-network': {
		title: '네트워크 없이 실행되는 것',
		question:
			'네트워크 플러그인이 없어 준비된 노드가 하나도 없습니다. 그때 누군가 {commands} 명령을 치고 1분을 기다립니다. 다음 파드 가운데 실행되는 것은 무엇입니까?',
		right: '노드의 네트워크를 쓰는 파드는 실행되고, 나머지는 모두 네트워크를 기다려야 합니다.',
		wrong: '파드마다 자기 네트워크가 있는지, 노드의 것을 쓰는지 물으십시오.',
		hint: '준비되지 않은 노드에서 컨트롤 플레인은 어떻게 시작했을까요?',
		options: { running: '실행됨', waiting: '기다림' },
		misconceptions: {
			'nothing-runs':
				'준비되지 않았다고 죽은 것은 아닙니다. API 서버가 여러분에게 답했고, 그것도 노드의 네트워크를 쓰는 파드입니다.',
			'all-run': '누가 주소를 줍니까? 자기 네트워크가 있는 파드는 그것을 만들어 줄 플러그인을 기다립니다.',
			placed:
				'이 파드는 노드를 직접 적었으니 누가 배치할 필요가 없습니다. 그래도 시작하려면 자기 네트워크가 필요합니다.',
			'node-network': 'hostNetwork입니다. 이 파드는 처음부터 있던 노드의 네트워크를 씁니다.',
			dns: 'CoreDNS는 컨트롤 플레인의 일부가 아닙니다. 여러분의 것과 같은 디플로이먼트이고, 파드는 자기 주소를 받습니다.',
			'proxy-waits': 'kube-proxy는 노드 자신의 규칙을 쓰므로 노드 자신의 네트워크를 쓰고, 실행됩니다.',
		},
	},
	'misspelt-values': {
		title: '아무것도 바꾸지 않는 값',
		question:
			'누군가 에이전트가 로그를 자세히 남기고 패킷을 모두 알리도록 파일과 함께 {sets} 값으로 Cilium을 설치했습니다. 그런 일은 일어나지 않고, Helm은 아무 말도 하지 않았습니다. 두 가지가 실제로 적용되게 하십시오.',
		right: 'Helm은 어떤 이름이든 받습니다. 중요한 것은 ConfigMap에 적힌 것, 그리고 에이전트가 시작할 때 읽은 것입니다.',
		wrong: '아직 무엇이 빠졌는지 목록에 있습니다.',
		hint: 'cilium-config를 보십시오. 어느 키를 말한 것이고, 거기에는 무엇이 적혀 있습니까?',
		goals: {
			debug: 'cilium-config에서 `debug` 값이 `true`',
			aggregation: 'cilium-config에서 `monitor-aggregation` 값이 `none`',
			agents: '에이전트 네 개가 모두 그 둘로 실행됨',
		},
		hints: {
			restart: 'ConfigMap은 맞습니다. 에이전트는 그것을 언제 읽습니까?',
			'other-one':
				'둘 가운데 하나는 맞습니다. 차트에서 켜고 끄는 값의 이름은 `.enabled`로 끝나고, eBPF 프로그램에 관한 값의 이름은 `bpf.`로 시작합니다.',
			names:
				'차트의 목록을 보여 주는 `helm show values` 명령은 이 실습실에 없습니다. 켜고 끄는 값의 이름은 `.enabled`로 끝나고, eBPF 프로그램에 관한 값의 이름은 `bpf.`로 시작합니다. cilium-config의 키는 Helm 없이도 바꿀 수 있습니다.',
		},
		misconceptions: {
			'no-restart':
				'ConfigMap은 맞지만 에이전트는 시작할 때 읽은 것으로 계속 실행됩니다. Helm은 에이전트를 다시 시작하지 않습니다.',
			'one-left': '둘 가운데 하나는 도착했습니다. 다른 이름은 아직 차트가 모르는 이름입니다.',
			'still-misspelt': '새 리비전이 생겼지만 ConfigMap은 그대로입니다. 차트는 그런 이름의 값을 모릅니다.',
		},
	},
	'cli-guess': {
		title: 'cilium install이 정하는 것',
		question:
			'`disableDefaultCNI: true`, {mode} 설정의 kind 클러스터입니다. `cilium install` 명령만 치고 다른 것은 치지 않습니다. 그러면 Cilium은 어떻게 합니까?',
		right: 'CLI는 클러스터를 보고, 클러스터가 정해 주지 않는 것은 기본값에 맡깁니다.',
		wrong: '여기서는 두 가지가 정해집니다. 두 노드의 파드가 서로 어떻게 닿는지, 그리고 누가 서비스를 처리하는지입니다.',
		hint: '둘 가운데 클러스터를 보면 알 수 있는 것은 무엇입니까?',
		options: {
			'native-proxy': '두 노드의 파드는 터널 없이 닿고, 서비스는 kube-proxy가 처리',
			'native-replaced': '두 노드의 파드는 터널 없이 닿고, 서비스는 Cilium이 처리',
			'vxlan-proxy': '두 노드의 파드는 VXLAN으로 닿고, 서비스는 kube-proxy가 처리',
			'vxlan-replaced': '두 노드의 파드는 VXLAN으로 닿고, 서비스는 Cilium이 처리',
		},
		misconceptions: {
			native: '터널이 없으면 노드 사이의 네트워크가 파드를 알아야 합니다. CLI는 그것을 장담하지 않고 터널을 씁니다.',
			'nobody-looked': '이 클러스터에는 kube-proxy가 없고, CLI는 그것을 찾아봅니다.',
			'always-replaces': 'kube-proxy가 있으면 CLI는 그 일을 그대로 맡겨 둡니다.',
		},
	},
	'demo-pods': {
		title: '노드마다 하나씩',
		question:
			'클러스터에 노드가 네 개 있고 모두에서 Cilium이 실행됩니다. {commands} 명령을 칩니다. 마지막에 실행되는 cni-demo 파드는 몇 개입니까?',
		right: '{answer}개입니다. 데몬셋은 테인트를 용인하는 노드마다 파드를 하나씩 실행합니다.',
		wrong: '노드를 세고, 그 가운데 어느 것이 그런 파드를 받아 줄지 물으십시오.',
		hint: '노드의 테인트와, 매니페스트가 무엇을 용인하는지 보십시오.',
		misconceptions: {
			'taint-forgotten': '컨트롤 플레인의 노드에는 테인트가 있고, 매니페스트에는 그것을 용인하는 내용이 없습니다.',
			'taint-gone': '컨트롤 플레인의 노드에서 파드를 막던 테인트는 그 전에 없앴습니다.',
			one: '데몬셋은 레플리카를 세지 않습니다. 받아 주는 노드마다 파드를 하나씩 실행합니다.',
		},
	},
	'mode-line': {
		title: '모드를 만드는 줄',
		question:
			'모드 {~from}인 클러스터를 {file} 파일로 업그레이드합니다. 다음은 그 뒤 cilium-config의 줄들입니다. 모드 {~to} 클러스터가 된 것은 어느 줄 때문입니까?',
		right: '나머지는 모두 전부터 있었습니다.',
		wrong: '이 줄은 두 모드에 모두 있습니다.',
		hint: '두 값 파일을 나란히 놓고 보십시오.',
		misconceptions: {
			'native-routing':
				'패킷이 노드에서 노드로 가는 방식, 곧 터널 없이 라우트로 간다는 뜻입니다. 세 모드가 모두 같습니다.',
			'masquerade-at-all':
				'파드를 마스커레이드한다는 뜻이고 세 모드가 모두 그렇습니다. 누가 하는지는 다른 줄에 있습니다.',
			'already-there': '그 줄은 모드 2에 이미 있었습니다.',
		},
	},
	'nobody-answers': {
		title: '끝내 준비되지 않는 에이전트',
		question:
			'kube-proxy가 없는 클러스터입니다. 누군가 모드 2로 Cilium을 설치하면서 API 서버를 ClusterIP에서 찾으라고 에이전트에 알려 주었습니다. kube-proxy 없이 에이전트 네 개를 모두 준비시키십시오.',
		right:
			'에이전트가 실행되기 전에는 ClusterIP를 변환해 줄 쪽이 없으므로, 변환이 필요 없는 주소를 알려 주어야 합니다.',
		wrong: '에이전트가 아직 준비되지 않습니다.',
		hint: '`cilium status` 명령은 몇 개가 모자라는지, 에이전트의 로그는 무엇을 기다리는지 말해 줍니다.',
		goals: {
			agents: '에이전트 네 개가 시작을 마침',
			nodes: '노드 네 개가 준비됨',
			'no-proxy': 'kube-proxy가 없음',
		},
		hints: {
			proxy: 'kube-proxy가 있으면 되겠지만, 없어야 합니다.',
			log: '에이전트의 로그를 보십시오. 어느 주소로 시도합니까? 노드 안에 있는 kubectl 설정은 어느 주소를 씁니까?',
		},
		misconceptions: {
			'gave-up': '노드는 네 개여야 하고, 어느 노드에도 kube-proxy가 없어야 합니다.',
			'ready-nodes':
				'노드는 준비되었습니다. 컨테이너 런타임이 CNI 설정을 찾았다는 뜻이지, 에이전트가 일한다는 뜻은 아닙니다.',
		},
	},
	'two-families': {
		title: '라우팅이라 불리는 두 가지',
		question: 'Cilium 1.12.1이 {values} 값으로 실행됩니다. 거기에 값을 하나씩 더합니다. 각각 무엇을 바꿉니까?',
		right: '패킷이 노드에서 노드로 어떻게 가는지가 한 물음이고, 노드를 어떻게 지나가는지가 다른 물음입니다.',
		wrong:
			'앞의 {at}개는 맞습니다. 다음 것은 노드 사이의 길을 건드립니까, 노드를 지나는 길을 건드립니까, 어느 쪽도 아닙니까?',
		hint: 'BPF 호스트 라우팅에는 여러 조건이 한꺼번에 필요합니다. 여기서 마지막으로 빠진 것, 또는 처음 없어지는 것은 무엇입니까?',
		options: {
			between: '패킷이 노드에서 노드로 가는 방식',
			host: '노드의 네트워크 스택을 지나는지',
			neither: '둘 다 아님',
		},
		misconceptions: {
			'one-thing':
				'다른 노드의 파드로 가는 라우트는 네이티브 라우팅입니다. 패킷이 노드를 어떻게 지나는지는 다른 문제입니다.',
			'masquerade-only':
				'BPF 마스커레이드는 BPF 호스트 라우팅의 조건 가운데 하나이고, 이 클러스터에서는 그것이 좌우합니다.',
			'tunnel-in-host': '터널은 노드 사이의 길입니다. BPF 호스트 라우팅은 터널이 있든 없든 됩니다.',
			'legacy-between': '값에 host라고 적혀 있습니다. 노드를 지나는 길에 관한 것입니다.',
		},
	},
	'value-column': {
		title: '값이 시작하는 칸',
		question:
			'cilium-config에 {length}자짜리 키 {key} 하나를 더합니다. 그러면 `cilium config view` 명령이 목록을 새로 출력합니다. 줄마다 값 앞에 글자가 몇 개 있습니까?',
		right: '{answer}개입니다. 가장 긴 키가 무엇이든 그 뒤에 빈칸이 네 개 있습니다.',
		wrong: '더한 뒤에 가장 긴 키를 찾으십시오.',
		hint: '위의 목록에서 가장 긴 키와 그 뒤의 빈칸을 세십시오.',
		misconceptions: {
			fixed: '지금 있는 자리입니다. 값의 칸은 가장 긴 키를 따라갑니다.',
			'no-padding': '가장 긴 키와 그 값 사이에 빈칸이 몇 개 있습니다.',
			'always-moves': '값의 칸은 가장 긴 키를 따라가는데, 목록에는 여러분의 키보다 긴 것이 있습니다.',
		},
	},
	'date-cli': {
		title: '이 CLI는 얼마나 오래되었는가',
		question:
			'장애 보고서마다 `cilium status`의 한 줄을 공백까지 그대로 인용했습니다. 클러스터는 모두 정상이고 똑같으며, CLI는 {old}, {middle}, {new} 중 하나입니다. 셋 가운데 이 레이블과 이 열 위치로 줄을 출력하는 가장 오래된 것은 무엇입니까?',
		right:
			'레이블은 그 릴리스가 어떤 줄을 아는지 말해 줍니다. 열 위치는 가장 긴 레이블이 무엇인지 말해 주는데, 그 레이블이 인용되어 있지 않아도 됩니다.',
		wrong:
			'앞의 {at}개는 맞습니다. 다음 줄의 공백을 세어 보십시오. 값은 그 블록에서 가장 긴 레이블 뒤 공백 네 칸 다음에 옵니다.',
		hint: '블록은 둘이고 열도 따로입니다. 그림 옆의 요약과 그 아래의 세부 사항입니다. 어떤 레이블이 어느 릴리스에서 생겼고, 블록에서 가장 긴 것은 무엇입니까?',
		options: { old: '{old}', middle: '{middle}', new: '{new}' },
		misconceptions: {
			renamed: '이 줄은 그 뒤에 이름이 바뀌었습니다. 처음부터 릴레이를 말하던 줄이고, 이제는 이름에도 적혀 있습니다.',
			'label-only':
				'레이블은 셋 모두에 있지만 열 위치가 다릅니다. 여기서는 ClusterMesh보다 긴 레이블이 블록에 있습니다.',
			chart: 'Helm을 통해 설치하는 CLI만 Helm 릴리스를 찾아봅니다.',
			'too-narrow': '더 새로운 릴리스에서는 블록에 더 긴 레이블이 있어서 모든 값이 오른쪽으로 밀려났습니다.',
			'other-block':
				'아래의 세부 사항은 따로 된 블록입니다. Image versions보다 긴 레이블이 들어오면서 그 열이 바뀌었습니다.',
		},
	},
	'from-nothing': {
		title: '아무것도 없는 데서 노드 네 개까지',
		question:
			'클러스터가 없습니다. 노드 네 개가 모두 준비되고 Cilium이 세 모드 가운데 하나로 실행되는 클러스터를 만드십시오. 어느 모드인지는 여러분이 정합니다. 더 새로운 Cilium도 좋습니다.',
		right: '노드 네 개, 에이전트 네 개, 그리고 서비스를 처리하는 쪽 하나입니다.',
		wrong: '아직 무엇이 빠졌는지 목록에 있습니다.',
		hint: '명령 두 개면 충분합니다. 이 수업의 파일은 홈 디렉터리에 있습니다.',
		goals: {
			nodes: '클러스터에 노드가 네 개 있음',
			agents: 'Cilium 에이전트가 네 노드에서 모두 시작을 마침',
			ready: '노드 네 개가 모두 준비됨',
			mode: 'kube-proxy와 Cilium 가운데 정확히 한쪽이 서비스를 처리함',
		},
		hints: {
			nothing: 'kind는 설정으로 클러스터를 만듭니다. 가지고 있는 파일을 보십시오.',
			count: '설정에 적힌 역할을 보십시오. 네 개가 필요합니다.',
			'no-cilium': '노드는 있고, 네트워크 플러그인을 기다립니다.',
			agents: 'Cilium은 설치되었지만 준비되지 않는 에이전트가 있습니다. `cilium status` 명령은 뭐라고 합니까?',
			both: '여기서 서비스를 누가 처리합니까? 데몬셋과 cilium-config의 kube-proxy-replacement를 견주어 보십시오.',
		},
		misconceptions: {
			kindnet:
				'kind가 자체 네트워크 플러그인을 설치했습니다. 네트워크 플러그인은 Cilium 하나여야 하니 설정에 적어 주십시오.',
			'not-ready': '노드는 있지만, 네트워크 플러그인이 없으면 NotReady 상태로 남습니다.',
			'no-api':
				'kube-proxy가 없고, API 서버가 어디 있는지 에이전트에게 알려 준 사람이 없거나, 알려 준 이름이나 주소가 이 클러스터의 것이 아닙니다.',
			both: 'kube-proxy가 실행되고 Cilium도 그것을 대체하고 있습니다. 동작은 하지만 누가 일하는지는 아무도 모릅니다.',
		},
	},
} satisfies Record<keyof typeof en, ExerciseWords>;
