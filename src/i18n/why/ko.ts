import { byChain, chainKind, type KernelWords } from './types.ts';

/** 점프: 도착하는 체인에 따라. */
const JUMP: Readonly<Record<string, string>> = {
	'KUBE-SERVICES':
		'어떤 주소가 서비스인지는 {chain} 체인만 압니다. 그래서 모든 패킷은 라우팅 결정 전에 이 체인을 거칩니다.',
	'KUBE-NODEPORTS':
		'서비스 주소에 대한 규칙은 하나도 일치하지 않았고, 패킷의 목적지는 바로 이 머신입니다. 그래서 이제 주소가 아니라 포트를 {chain} 체인에서 찾습니다.',
	'KUBE-EXT':
		'이 포트는 이 서비스의 것입니다. 외부에서 온 패킷을 트래픽 정책이 어떻게 다루는지는 {chain} 체인에 있습니다.',
	'KUBE-XLB':
		'서비스의 트래픽 정책이 `Local`입니다. {chain} 체인은 패킷이 어디서 왔는지, 여기서 무엇이 실행 중인지에 따라 결정합니다.',
	'KUBE-FW': '로드 밸런서 주소는 정해진 출발지만 받아들입니다. {chain} 체인에서 클라이언트 주소를 비교합니다.',
	'KUBE-SVC': '이제 서비스의 어떤 엔드포인트가 응답해도 됩니다. {chain} 체인이 그중 하나를 무작위로 고릅니다.',
	'KUBE-SVL':
		'정책이 `Local`이므로 {chain} 체인에는 이 노드의 엔드포인트만 있습니다. 패킷은 다른 노드로 가지 않습니다.',
	'KUBE-SEP': '이 엔드포인트가 선택되었습니다. {chain} 체인은 이 엔드포인트 전용이고 그 주소가 적혀 있습니다.',
	'KUBE-POSTROUTING':
		'나가려는 패킷은 모두 {chain} 체인을 거칩니다. 이제 라우트가 정해졌으므로, 마크가 붙은 패킷이 달아야 할 주소도 알 수 있습니다.',
	'KUBE-FORWARD':
		'다른 머신으로 가는 패킷은 {chain} 체인을 거칩니다. 그래야 FORWARD 정책이 엄격해도 서비스 트래픽이 막히지 않습니다.',
	'KUBE-FIREWALL':
		'{chain} 체인은 kubelet의 것으로, 버리라는 마크가 붙은 패킷과 이 머신에서 온 척하는 패킷을 버립니다.',
	'KUBE-EXTERNAL-SERVICES':
		'새 연결이 여기서 응답할 수 없는 서비스로 가는지 비교합니다. 그 규칙들이 {chain} 체인에 있습니다.',
	'KUBE-PROXY-FIREWALL': '{chain} 체인은 로드 밸런서의 허용 출발지 목록에 없는 패킷을 버립니다.',
	'KUBE-MARK-DROP':
		'여기에는 이 서비스에 응답할 수 있는 엔드포인트가 없습니다. nat 테이블에서는 버릴 수 없으므로 {chain} 체인에서 filter 테이블을 위한 마크를 붙입니다.',
	CILIUM: '{chain} 체인은 Cilium의 것으로, kube-proxy 규칙보다 앞에 있습니다.',
};

/** KUBE-MARK-MASQ 점프: 출발한 체인에 따라. */
const MARK_FROM: Readonly<Record<string, string>> = {
	'KUBE-EXT':
		'정책이 `Cluster`이면 서비스의 외부 입구로 들어온 패킷에는 언제나 마크가 붙습니다. 엔드포인트는 아직 정해지지 않았고 다른 노드에 있을 수 있는데, 그 응답이 반드시 이 노드로 돌아와야 하기 때문입니다.',
	'KUBE-NODEPORTS':
		'정책이 `Cluster`이면 이 포트로 들어온 패킷에는 언제나 마크가 붙습니다. 엔드포인트가 다른 노드에 있을 수 있는데, 그 응답이 반드시 이 노드로 돌아와야 하기 때문입니다.',
	'KUBE-SEP':
		'보낸 쪽이 바로 이 엔드포인트이며, 자기 서비스를 호출하고 있습니다. 파드는 출발지가 자기 주소인 패킷을 버리므로 마크를 붙여 둡니다.',
	'KUBE-SVC': '보낸 쪽이 이 클러스터의 파드가 아닙니다. 응답이 변환을 한 노드로 돌아오도록 마크를 붙입니다.',
	'KUBE-SVL': '보낸 쪽이 이 클러스터의 파드가 아닙니다. 응답이 이 노드로 돌아오도록 마크를 붙입니다.',
};

export const why: KernelWords = {
	'arp.answered': '{ip} 주소는 이 머신의 것이므로 자신의 MAC 주소 {mac} 값으로 응답합니다.',
	'arp.asked': '{ip} 주소의 MAC을 아직 아무도 알려 주지 않았습니다. 그래서 {dev} 디바이스로 링크 전체에 묻습니다.',
	'arp.ignored': '{ip} 주소를 묻고 있지만 이 머신의 주소가 아니고, 새로 배울 것도 없습니다.',
	'arp.learned':
		'{ip} 주소는 {mac}에 있습니다. 응답을 기억해 두고, 기다리던 패킷을 {dev} 디바이스로 내보낼 수 있습니다.',
	'arp.proxied': '{ip} 주소로 가는 길이 이 머신을 지나며, {dev} 디바이스가 대신 응답합니다(`proxy_arp`).',
	'bridge.flooded': '브리지는 {mac} 주소가 어디 있는지 아직 모르므로 포트 {ports}개로 프레임을 모두 내보냅니다.',
	'bridge.forwarded': '브리지는 {mac} 주소가 {dev} 뒤에 있다는 것을 이미 배웠으므로 그 포트로만 프레임을 보냅니다.',
	'bridge.local': '프레임의 목적지가 브리지 자신이므로 이 머신이 {dev} 디바이스로 받아들입니다.',
	'bridge.same-port': '목적지는 {dev} 뒤에 있는데 프레임이 바로 거기서 왔습니다. 이미 지나온 곳입니다.',
	'ct.clash': '다른 패킷이 이 주소와 포트를 먼저 차지했습니다. 두 연결이 함께 쓸 수 없으므로 이 패킷을 버립니다.',
	'ct.created':
		'첫 패킷이 통과했으므로 연결의 양방향을 지금 모습대로 기록합니다. 이후의 패킷은 이 항목에 따라 변환되며, nat 규칙은 다시 조회하지 않습니다.',
	'ct.established': ({ direction }) =>
		direction === 'reply'
			? '응답 패킷입니다. 두 번째 튜플로 연결을 찾았습니다.'
			: '이미 아는 연결입니다. nat 테이블은 다시 조회하지 않습니다.',
	'ct.full': '연결 테이블이 가득 찼습니다(항목 {max}개). 기억할 수 없는 것은 들여보내지 않습니다.',
	'ct.invalid': '어떤 연결에도 속하지 않고 새 연결을 시작할 수도 없는 패킷입니다. conntrack은 변환하지 않습니다.',
	'ct.new': '이 주소와 포트를 가진 연결이 아직 없습니다. 새 연결의 첫 패킷이므로 nat 테이블을 조회하게 됩니다.',
	'ct.related': '이미 아는 연결의 패킷에 대한 오류입니다. 같은 길로 가고 함께 변환됩니다.',
	'ct.translated': ({ direction }) =>
		direction === 'reply'
			? '이 연결은 시작할 때 변환되었고, 그 내용이 항목에 적혀 있습니다. 응답은 규칙을 조회하지 않고 여기서 그대로 되돌립니다.'
			: '이 연결은 시작할 때 변환되었습니다. 첫 패킷은 규칙이 바꾸었고, 이 패킷은 항목에 따라 똑같이 바꿉니다.',
	'dev.down': '{dev} 디바이스가 꺼져 있어 아무것도 지나가지 못합니다.',
	'dev.otherhost': '프레임의 목적지 MAC 주소는 다른 머신의 것입니다. {dev} 디바이스는 엿들었을 뿐입니다.',
	'dev.received': '프레임이 {dev} 디바이스로 들어옵니다.',
	'dev.sent': '프레임이 {dev} 디바이스로 나갑니다.',
	'dev.too-long': '{length}바이트는 {dev} 디바이스에 너무 큽니다(최대 {mtu}바이트). 알리지 않고 버립니다.',
	'forward.frag-needed':
		'패킷은 {length}바이트인데 나가는 길은 {mtu}바이트까지이고, 자를 수도 없습니다(DF). 버리고 보낸 쪽에 알립니다.',
	'forward.ttl':
		'지나가는 패킷이므로 TTL이 하나 줄어 이제 {ttl}입니다. 제자리를 도는 패킷도 언젠가는 사라져야 하기 때문입니다. 다음 홉은 {next}, 나가는 디바이스는 {dev}입니다.',
	'forward.ttl-exceeded': 'TTL을 다 썼습니다({ttl}). 패킷은 더 갈 수 없고, 보낸 쪽에 알립니다.',
	'icmp.echoed': '{to} 주소에 대한 에코 요청입니다. 프로그램을 거치지 않고 커널이 {from} 주소로 직접 응답합니다.',
	'icmp.pmtu': '{ip} 주소로 가는 길에 {mtu}바이트까지 들어간다는 것을 오류가 알려 주었습니다. 기억해 둡니다.',
	'icmp.sent': '보낸 쪽 {to} 주소에 {from} 이름으로 ICMP 유형 {type}, 코드 {icmpCode} 오류를 알립니다.',
	'ip.fragment-waits': '패킷의 조각입니다. 지금까지 {pieces}개가 왔고, 아직 다 모이지 않았습니다.',
	'ip.fragmented': '나가는 길이 받는 {mtu}바이트보다 커서 {pieces}개로 나눕니다.',
	'ip.reassembled': '조각 {pieces}개가 모두 모여 패킷이 다시 온전해졌습니다.',
	'neigh.failed':
		'{dev} 디바이스에서 ARP 요청을 {tries}번 보냈지만 {ip} 주소의 응답이 없습니다. 기다리던 패킷을 포기합니다.',
	'neigh.known': '다음 홉 {ip} 주소의 MAC은 {mac}({state})이므로 프레임의 목적지를 채울 수 있습니다.',
	'neigh.waits': '{ip} 주소의 MAC을 모릅니다. ARP가 {dev} 디바이스에서 묻는 동안 패킷은 기다립니다.',
	'nf.accept': (_, at) =>
		at.entry?.includes('0x4000/0x4000')
			? '패킷에 kube-proxy의 마크가 있으므로 FORWARD 정책과 상관없이 지나갈 수 있습니다.'
			: at.entry?.includes('RELATED,ESTABLISHED')
				? '이미 아는 연결의 패킷이므로 지나갈 수 있습니다.'
				: '규칙이 일치합니다. 패킷은 지나갈 수 있고, 이 테이블에서는 더 볼 것이 없습니다.',
	'nf.connmark': '패킷의 마크 {mark} 값을 연결과 함께 저장합니다.',
	'nf.count': '규칙이 일치하지만 아무것도 결정하지 않습니다. 세기만 합니다.',
	'nf.dnat':
		'목적지가 {to}, 곧 선택된 엔드포인트로 바뀝니다. 이제부터 여느 패킷과 똑같이 라우팅되며, 처음에 접속하려던 주소는 conntrack이 기억합니다.',
	'nf.drop': (_, at) =>
		at.entry?.includes('0x8000/0x8000')
			? '패킷에 `0x8000` 마크가 있습니다. nat 테이블이 이 노드에서 응답할 수 있는 엔드포인트를 찾지 못했다는 뜻입니다. 응답 없이 버립니다. 서비스는 있지만 이 문 뒤에는 없습니다.'
			: at.entry?.includes('no local endpoints')
				? '트래픽 정책이 `Local`인데 이 노드에는 엔드포인트가 없습니다. 응답 없이 패킷을 버립니다. 서비스는 있지만 이 문 뒤에는 없습니다.'
				: at.entry?.includes('INVALID')
					? 'conntrack이 어느 연결인지 알 수 없어 되돌려 변환할 수 없는 패킷입니다. 그대로 전달하면 연결이 끊어집니다.'
					: chainKind(at.chain) === 'KUBE-FIREWALL'
						? '이 머신의 루프백에서 왔거나 그리로 간다고 하는 패킷입니다. 외부에서 온 패킷은 그럴 수 없습니다.'
						: '규칙이 일치해 패킷을 버립니다. 아무에게도 알리지 않습니다.',
	'nf.end': '{chain} 체인에 남은 규칙이 없습니다. 이 체인을 호출한 곳으로 돌아갑니다.',
	'nf.jump': ({ chain }, at) =>
		chain === 'KUBE-MARK-MASQ'
			? byChain(at.chain, MARK_FROM, '패킷이 이 노드의 이름으로 나가야 하므로 {chain} 체인에서 마크를 붙입니다.')
			: byChain(chain, JUMP, '규칙이 일치합니다. {chain} 체인에서 계속됩니다.'),
	'nf.loop': '규칙이 제자리를 돌거나, 존재하지 않는 {chain} 체인으로 점프합니다. 패킷을 버립니다.',
	'nf.mark': ({ mark }, at) =>
		chainKind(at.chain) === 'KUBE-MARK-MASQ'
			? '패킷에 {mark} 마크를 붙입니다. 출발지 자체는 아직 바꿀 수 없습니다. 어떤 주소가 필요한지는 나가는 디바이스에 달려 있는데, 아직 라우트가 정해지지 않았기 때문입니다.'
			: chainKind(at.chain) === 'KUBE-MARK-DROP'
				? '패킷에 {mark} 마크를 붙입니다. 아직 버리지는 않으며, 나중에 filter 테이블이 이 마크를 읽습니다.'
				: chainKind(at.chain) === 'KUBE-POSTROUTING'
					? '마크를 읽었으므로 뒤에서 다시 쓰이지 않도록 지웁니다. 이제 값은 {mark}입니다.'
					: mark === '0x0'
						? '규칙이 일치해 마크를 지웁니다.'
						: '규칙이 일치해 마크를 설정합니다. 이제 값은 {mark}입니다.',
	'nf.masquerade': (_, at) =>
		chainKind(at.chain) === 'KUBE-POSTROUTING'
			? '패킷에 마크가 붙어 있으므로 출발지가 {to}, 곧 {dev} 디바이스로 나가는 패킷에 쓰려고 커널이 고른 이 노드의 주소로 바뀝니다. 그러지 않으면 다른 노드의 파드가 클라이언트에게 직접 응답하고, 클라이언트가 접속한 적 없는 주소에서 온 그 응답은 어느 연결에도 속하지 않습니다.'
			: '출발지가 {to}, 곧 {dev} 디바이스로 나가는 패킷에 쓰려고 커널이 고른 주소로 바뀝니다. 바깥에서는 원래 주소로 돌아오는 길을 아무도 모르기 때문입니다.',
	'nf.no-address': '규칙에 {dev} 디바이스의 주소가 필요한데 하나도 없습니다. 패킷을 버립니다.',
	'nf.notrack': '규칙이 일치합니다. conntrack이 이 패킷을 추적하지 않으므로 변환도 일어나지 않습니다.',
	'nf.policy': ({ policy }) =>
		policy === 'ACCEPT'
			? '{chain} 체인의 어떤 규칙도 결정하지 않았으므로 기본 정책이 결정합니다. 패킷은 지나갈 수 있습니다.'
			: '{chain} 체인의 어떤 규칙도 결정하지 않았으므로 기본 정책이 결정합니다. 패킷을 버립니다.',
	'nf.reject': (_, at) =>
		at.entry?.includes('has no endpoints')
			? '서비스의 엔드포인트가 어디에도 없으므로 이 노드가 대신 거부합니다({with}). 클라이언트는 바로 알게 되고 기다리지 않아도 됩니다.'
			: '규칙이 일치해 거부하고, 보낸 쪽에 알립니다({with}).',
	'nf.return': ({ chain }) =>
		chainKind(chain) === 'KUBE-POSTROUTING'
			? '패킷에 `0x4000` 마크가 없습니다. 출발지를 그대로 두며, {chain} 체인은 할 일이 없습니다.'
			: '규칙이 일치해 {chain} 체인을 떠납니다. 나머지 규칙은 다른 패킷을 위한 것입니다.',
	'nf.snat': '출발지가 {to} 값으로 바뀝니다. 원래 주소는 응답을 위해 conntrack이 기억합니다.',
	'nf.tproxy': '패킷을 주소는 그대로 둔 채 로컬 프록시의 {port}번 포트로 넘깁니다.',
	'route.broadcast': '{ip} 주소는 로컬 네트워크의 브로드캐스트 주소입니다. 이 머신을 포함해 그곳의 모두에게 갑니다.',
	'route.connected':
		'가장 길게 일치하는 프리픽스가 {dev} 디바이스에 바로 있습니다. 게이트웨이 없이 목적지가 곧 다음 홉입니다.',
	'route.local': '{ip} 주소는 이 머신의 것입니다. 패킷이 도착했습니다.',
	'route.martian-destination':
		'{ip} 주소는 선로 위에서 누구의 것도 될 수 없습니다. {dev} 디바이스로 들어온, 그 주소로 가는 패킷을 버립니다.',
	'route.martian-source': '{dev} 디바이스로 들어오는 패킷의 출발지가 {ip} 주소일 수는 없습니다. 버립니다.',
	'route.none': '{ip} 주소에 맞는 라우트가 없습니다. 보낼 곳이 없습니다.',
	'route.not-forwarding': '{ip} 주소는 여기 없고, 이 머신은 전달을 하지 않습니다(`net.ipv4.ip_forward=0`).',
	'route.refused': '{ip} 주소에 가장 길게 일치하는 라우트의 유형은 {type}입니다. 거부하려고 둔 라우트입니다.',
	'route.rp-filter':
		'{ip} 주소로 가는 응답은 {dev} 디바이스로 나가지 않습니다. 그래서 거기서 온 패킷도 이 디바이스로 들어올 수 없습니다(`rp_filter`).',
	'route.via': '가장 길게 일치하는 프리픽스가 결정합니다. 다음 홉은 {via}, 나가는 디바이스는 {dev}입니다.',
	'socket.accepted':
		'{owner} 프로세스가 {port}번 포트에서 수신 대기 중입니다. 이 프로세스가 아는 상대는 패킷이 도착할 때의 출발지 {peer}뿐입니다.',
	'socket.answered': '응답이 처음에 접속한 주소 {peer}에서 왔으므로 기다리던 소켓에 전달됩니다.',
	'socket.connect':
		'프로그램이 {peer} 주소로 접속하려 합니다({protocol}). 출발지 주소는 아직 정해지지 않았고, 라우트에 따라 정해집니다.',
	'socket.connected': '응답이 처음에 접속한 주소와 포트인 {peer}에서 왔으므로 `connect()` 호출이 성공합니다.',
	'socket.failed': '{peer} 쪽 접속이 이루어지지 않았습니다. 프로그램은 {errno} 오류를 받습니다.',
	'socket.icmp-error':
		'{from} 주소에서 온 ICMP 오류가 이 소켓의 패킷을 인용합니다. 프로그램은 {errno} 오류를 받습니다.',
	'socket.no-protocol': '이 머신에는 프로토콜 {protocol}번을 처리할 것이 없습니다.',
	'socket.none': '{ip} 주소의 {port}번 포트({protocol})에서 수신 대기하는 프로그램이 없습니다.',
	'socket.ping': '{from} 주소가 여기서 기다리던 ping에 응답합니다.',
	'socket.timed-out': '{peer} 쪽에서 거부조차 돌아오지 않았습니다. 프로그램이 포기합니다.',
	'socket.unexpected':
		'{port}번 포트로 온 세그먼트는 여기서 아는 어떤 연결에도 속하지 않습니다. 아무도 요청하지 않은 것입니다.',
	'tcp.reset-sent': '커널이 {to} 주소의 {port}번 포트로 RST를 보내 거부합니다.',
};
