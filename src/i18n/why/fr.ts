import { byChain, chainKind, type KernelWords } from './types.ts';

/** Les sauts, selon la chaîne où ils mènent. */
const JUMP: Readonly<Record<string, string>> = {
	'KUBE-SERVICES':
		'{chain} est seule à savoir quelles adresses sont des services : chaque paquet lui est donc présenté avant que la route ne soit choisie.',
	'KUBE-NODEPORTS':
		'Aucune règle portant sur l’adresse d’un service ne correspond, et le paquet est destiné à cette machine même. On cherche donc le port, et non plus l’adresse, dans {chain}.',
	'KUBE-EXT':
		'Le port est celui de ce service. Ce que sa politique de trafic veut pour les paquets venus de l’extérieur se trouve dans {chain}.',
	'KUBE-XLB':
		'Le service a la politique de trafic `Local` : {chain} décide selon l’origine du paquet et selon ce qui tourne ici.',
	'KUBE-FW': 'L’adresse du répartiteur n’admet que certaines sources : {chain} compare celle du client.',
	'KUBE-SVC': 'N’importe quel endpoint du service peut désormais répondre : {chain} en tire un au sort.',
	'KUBE-SVL':
		'Politique `Local` : {chain} contient les endpoints de ce nœud et aucun autre, le paquet n’ira donc pas plus loin.',
	'KUBE-SEP': 'Cet endpoint a été choisi. {chain} n’appartient qu’à lui et connaît son adresse.',
	'KUBE-POSTROUTING':
		'Ce qui va sortir passe par {chain} : la route est connue à présent, et avec elle l’adresse qu’un paquet marqué doit porter.',
	'KUBE-FORWARD':
		'Un paquet destiné à une autre machine passe par {chain}, pour qu’une politique FORWARD stricte n’arrête pas le trafic des services.',
	'KUBE-FIREWALL':
		'{chain} appartient au kubelet : elle jette ce qui a été marqué pour elle, et ce qui prétend seulement venir de cette machine.',
	'KUBE-EXTERNAL-SERVICES':
		'Une nouvelle connexion est comparée aux services qui ne peuvent pas répondre d’ici : ces règles sont dans {chain}.',
	'KUBE-PROXY-FIREWALL': '{chain} jette ce que la liste des sources admises d’un répartiteur a laissé dehors.',
	'KUBE-MARK-DROP':
		'Aucun endpoint de ce service ne peut répondre d’ici. La table nat ne sait pas jeter : {chain} marque donc le paquet pour la table filter.',
	CILIUM: '{chain} est à Cilium, et passe avant les règles de kube-proxy.',
};

/** Les sauts vers KUBE-MARK-MASQ, selon la chaîne d’où ils partent. */
const MARK_FROM: Readonly<Record<string, string>> = {
	'KUBE-EXT':
		'Politique `Cluster` : tout ce qui entre par la porte extérieure du service est marqué, toujours. L’endpoint n’est pas encore choisi et peut être sur un autre nœud ; sa réponse devra alors repasser par celui-ci.',
	'KUBE-NODEPORTS':
		'Politique `Cluster` : tout ce qui entre par ce port est marqué, toujours. L’endpoint peut être sur un autre nœud ; sa réponse devra alors repasser par celui-ci.',
	'KUBE-SEP':
		'L’expéditeur est l’endpoint lui-même, qui appelle son propre service. Il est marqué, car un pod jette un paquet qui vient de sa propre adresse.',
	'KUBE-SVC':
		'L’expéditeur n’est pas un pod de ce cluster. Le paquet est marqué, pour que la réponse revienne par le nœud qui traduit.',
	'KUBE-SVL':
		'L’expéditeur n’est pas un pod de ce cluster. Le paquet est marqué, pour que la réponse revienne par ce nœud.',
};

export const why: KernelWords = {
	'arp.answered': '{ip} est une adresse de cette machine : elle répond donc avec son adresse MAC, {mac}.',
	'arp.asked':
		'Personne n’a encore dit quelle adresse MAC porte {ip} : la question sort par {dev}, à tous ceux du lien.',
	'arp.ignored': 'La question porte sur {ip}, qui n’est pas ici, et n’apprend rien de nouveau.',
	'arp.learned': '{ip} se trouve à {mac} : la réponse est gardée, et ce qui l’attendait peut sortir par {dev}.',
	'arp.proxied': 'Le chemin vers {ip} passe par cette machine, et {dev} répond pour d’autres (`proxy_arp`).',
	'bridge.flooded':
		'Le bridge n’a pas encore appris où se trouve {mac} : il envoie la trame par {ports} {ports|port|ports}.',
	'bridge.forwarded': 'Le bridge a appris que {mac} est derrière {dev} : ce port seul reçoit la trame.',
	'bridge.local': 'La trame est adressée au bridge lui-même : cette machine la reçoit par {dev}.',
	'bridge.same-port': 'La destination est derrière {dev}, d’où vient la trame : elle y est déjà passée.',
	'ct.clash':
		'Un autre paquet a pris ces adresses et ces ports le premier : deux connexions ne peuvent les partager, celle-ci est donc jetée.',
	'ct.created':
		'Le premier paquet est passé : la connexion est inscrite, dans les deux sens, telle qu’elle est maintenant. Les paquets suivants seront traduits d’après cette entrée, sans plus consulter de règle nat.',
	'ct.established': ({ direction }) =>
		direction === 'reply'
			? 'C’est une réponse : la connexion est retrouvée par son second tuple.'
			: 'La connexion est connue : la table nat n’est plus consultée.',
	'ct.full': 'La table des connexions est pleine ({max} entrées) : ce dont on ne peut se souvenir n’entre pas.',
	'ct.invalid': 'Le paquet n’appartient à aucune connexion et ne peut en ouvrir une : conntrack ne le traduira pas.',
	'ct.new':
		'Aucune connexion n’a encore ces adresses et ces ports : le paquet en ouvre une, la table nat sera donc consultée.',
	'ct.related':
		'Une erreur à propos d’un paquet d’une connexion connue : elle suit le même chemin et est traduite avec elle.',
	'ct.translated': ({ direction }) =>
		direction === 'reply'
			? 'La connexion a été traduite à son ouverture, et son entrée dit comment. Pour la réponse, c’est défait ici, sans consulter de règle.'
			: 'La connexion a été traduite à son ouverture : ce paquet est réécrit d’après son entrée, comme le premier l’a été par une règle.',
	'dev.down': '{dev} est désactivée : rien ne passe.',
	'dev.otherhost': 'La trame est adressée à la MAC d’une autre machine ; {dev} ne fait que l’entendre.',
	'dev.received': 'La trame entre par {dev}.',
	'dev.sent': 'La trame sort par {dev}.',
	'dev.too-long': '{dev} accepte {mtu} octets et le paquet en fait {length} : il est jeté sans un mot.',
	'forward.frag-needed':
		'Le paquet fait {length} octets, la sortie en accepte {mtu}, et il est interdit de le couper (DF) : il est jeté, et l’émetteur en est averti.',
	'forward.ttl':
		'Le paquet ne fait que passer : son TTL descend à {ttl}, car un paquet qui tourne en rond doit finir un jour. Prochain saut {next}, sortie par {dev}.',
	'forward.ttl-exceeded': 'Le TTL est épuisé ({ttl}) : le paquet ne va pas plus loin, et l’émetteur en est averti.',
	'icmp.echoed': 'Une demande d’écho pour {to} : le noyau répond lui-même à {from}, aucun programme n’est consulté.',
	'icmp.pmtu': 'L’erreur dit ce qui tient sur le chemin vers {ip} : {mtu} octets. C’est retenu.',
	'icmp.sent': 'L’émetteur {to} est averti par ICMP, type {type}, code {icmpCode}, au nom de {from}.',
	'ip.fragment-waits': 'Un morceau de paquet ; avec {pieces} arrivés, il en manque encore.',
	'ip.fragmented': 'Plus grand que les {mtu} octets que prend la sortie : il est coupé en {pieces} morceaux.',
	'ip.reassembled': 'Les {pieces} morceaux sont là : le paquet est de nouveau entier.',
	'neigh.failed': '{ip} n’a répondu à aucune des {tries} requêtes ARP sur {dev} : on renonce à ce qui l’attendait.',
	'neigh.known': 'Le prochain saut {ip} a l’adresse MAC {mac} ({state}) : la trame peut être adressée.',
	'neigh.waits': 'L’adresse MAC de {ip} est inconnue : le paquet attend, pendant qu’ARP interroge {dev}.',
	'nf.accept': (_, at) =>
		at.entry?.includes('0x4000/0x4000')
			? 'Le paquet porte la marque de kube-proxy : il peut passer, quoi que dise la politique FORWARD.'
			: at.entry?.includes('RELATED,ESTABLISHED')
				? 'Le paquet appartient à une connexion connue : il peut passer.'
				: 'La règle correspond : le paquet peut passer, et cette table n’a plus rien à dire.',
	'nf.connmark': 'La marque du paquet, {mark}, est gardée avec la connexion.',
	'nf.count': 'La règle correspond et ne décide rien : elle compte.',
	'nf.dnat':
		'La destination devient {to}, l’endpoint choisi. À partir d’ici, le paquet est routé comme n’importe quel autre, et conntrack se souvient de l’adresse demandée.',
	'nf.drop': (_, at) =>
		at.entry?.includes('0x8000/0x8000')
			? 'Le paquet porte la marque `0x8000` : la table nat n’a trouvé aucun endpoint qui puisse répondre depuis ce nœud. Il est jeté sans réponse : le service existe, mais pas derrière cette porte.'
			: at.entry?.includes('no local endpoints')
				? 'La politique de trafic est `Local` et aucun endpoint ne tourne sur ce nœud. Le paquet est jeté sans réponse : le service existe, mais pas derrière cette porte.'
				: at.entry?.includes('INVALID')
					? 'conntrack ne sait pas où ranger ce paquet et ne pourrait pas le retraduire : relayé tel quel, il casserait la connexion.'
					: chainKind(at.chain) === 'KUBE-FIREWALL'
						? 'Le paquet prétend venir de la boucle locale de cette machine, ou y aller : rien d’extérieur n’en a le droit.'
						: 'La règle correspond et jette le paquet. Personne n’en est averti.',
	'nf.end': 'Il ne reste aucune règle dans {chain} : retour à la chaîne qui y avait sauté.',
	'nf.jump': ({ chain }, at) =>
		chain === 'KUBE-MARK-MASQ'
			? byChain(at.chain, MARK_FROM, 'Le paquet doit sortir au nom de ce nœud : {chain} le marque pour cela.')
			: byChain(chain, JUMP, 'La règle correspond : la suite est dans {chain}.'),
	'nf.loop': 'Les règles tournent en rond, ou sautent vers {chain}, qui n’existe pas : le paquet est jeté.',
	'nf.mark': ({ mark }, at) =>
		chainKind(at.chain) === 'KUBE-MARK-MASQ'
			? 'Le paquet reçoit la marque {mark}. La source elle-même ne peut pas encore changer : l’adresse qu’il lui faut dépend de l’interface de sortie, et la route n’est pas choisie.'
			: chainKind(at.chain) === 'KUBE-MARK-DROP'
				? 'Le paquet reçoit la marque {mark} : rien n’est encore jeté, c’est la table filter qui lira la marque.'
				: chainKind(at.chain) === 'KUBE-POSTROUTING'
					? 'La marque a été lue et est retirée, pour que rien n’agisse plus d’après elle ; elle vaut maintenant {mark}.'
					: mark === '0x0'
						? 'La règle correspond et retire la marque.'
						: 'La règle correspond et pose la marque : elle vaut maintenant {mark}.',
	'nf.masquerade': (_, at) =>
		chainKind(at.chain) === 'KUBE-POSTROUTING'
			? 'Le paquet est marqué : sa source devient {to}, l’adresse de ce nœud que le noyau choisit pour ce qui sort par {dev}. Sinon, un pod d’un autre nœud répondrait directement au client, depuis une adresse que celui-ci n’a jamais demandée, et sa réponse n’appartiendrait à aucune connexion.'
			: 'La source devient {to}, l’adresse que le noyau choisit pour ce qui sort par {dev} : dehors, personne ne connaît le chemin de retour vers l’ancienne.',
	'nf.no-address': 'La règle a besoin d’une adresse de {dev}, et il n’y en a pas : le paquet est jeté.',
	'nf.notrack': 'La règle correspond : conntrack ne suivra pas ce paquet, et rien ne le traduira donc.',
	'nf.policy': ({ policy }) =>
		policy === 'ACCEPT'
			? 'Aucune règle de {chain} n’a décidé, sa politique décide donc : le paquet peut passer.'
			: 'Aucune règle de {chain} n’a décidé, sa politique décide donc : le paquet est jeté.',
	'nf.reject': (_, at) =>
		at.entry?.includes('has no endpoints')
			? 'Le service n’a d’endpoint nulle part : ce nœud refuse à sa place ({with}). Le client l’apprend aussitôt et n’attend pas.'
			: 'La règle correspond et refuse : l’expéditeur en est averti ({with}).',
	'nf.return': ({ chain }) =>
		chainKind(chain) === 'KUBE-POSTROUTING'
			? 'Le paquet ne porte pas la marque `0x4000` : il garde sa source, et {chain} n’a rien à faire.'
			: 'La règle correspond et quitte {chain} : la suite est pour d’autres paquets.',
	'nf.snat': 'La source devient {to} ; conntrack se souvient de l’ancienne pour la réponse.',
	'nf.tproxy': 'Le paquet est remis à un proxy local sur le port {port}, ses adresses intactes.',
	'route.broadcast':
		'{ip} est l’adresse de diffusion d’un réseau local : elle vise tout le monde, cette machine comprise.',
	'route.connected':
		'Le préfixe le plus long se trouve sur {dev} même : pas de passerelle, la destination est le prochain saut.',
	'route.local': '{ip} est une adresse de cette machine : le paquet est arrivé.',
	'route.martian-destination':
		'{ip} ne peut être l’adresse de personne sur un câble : un paquet pour elle qui entre par {dev} est jeté.',
	'route.martian-source': '{ip} ne peut être l’expéditeur d’un paquet qui entre par {dev} : il est jeté.',
	'route.none': 'Aucune route ne correspond à {ip} : il n’y a nulle part où envoyer le paquet.',
	'route.not-forwarding': '{ip} n’est pas ici, et cette machine ne relaie pour personne (`net.ipv4.ip_forward=0`).',
	'route.refused': 'La route la plus précise pour {ip} est de type {type} : elle est là pour refuser.',
	'route.rp-filter':
		'Une réponse à {ip} ne sortirait pas par {dev} : un paquet de là-bas ne peut donc pas entrer par là (`rp_filter`).',
	'route.via': 'Le préfixe le plus long décide : prochain saut {via}, sortie par {dev}.',
	'socket.accepted':
		'{owner} écoute sur le port {port}. Pour lui, le pair est {peer}, l’adresse source avec laquelle le paquet arrive ; il n’en connaît pas d’autre.',
	'socket.answered': 'La réponse vient de {peer}, l’adresse demandée : elle revient donc au socket qui l’attend.',
	'socket.connect':
		'Un programme demande {peer} ({protocol}). L’adresse source n’est pas encore décidée : c’est la route qui le dira.',
	'socket.connected': 'La réponse vient de {peer}, exactement l’adresse et le port demandés : `connect()` réussit.',
	'socket.failed': 'Rien n’est venu de {peer} : le programme reçoit {errno}.',
	'socket.icmp-error': '{from} a envoyé une erreur ICMP qui cite le paquet de ce socket : le programme reçoit {errno}.',
	'socket.no-protocol': 'Rien sur cette machine ne parle le protocole {protocol}.',
	'socket.none': 'Rien n’écoute sur {ip}, port {port} ({protocol}).',
	'socket.ping': '{from} répond au ping qui attend ici.',
	'socket.timed-out': 'Rien n’est revenu de {peer}, pas même un refus : le programme renonce.',
	'socket.unexpected':
		'Le segment pour le port {port} n’appartient à aucune connexion connue ici : personne ne l’a demandé.',
	'tcp.reset-sent': 'Le noyau dit non : un RST part vers {to}, port {port}.',
};
