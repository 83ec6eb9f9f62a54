### The printable report on a period.

## Its beginning.

title = 자료원 접속 현황, { $from } ~ { $to }
scope-all = 목록의 모든 자료원
scope-group = { $group } 그룹의 자료원
scope-source = { $source }
as-of = 기록 기준 시각: { $time }. 날짜는 UTC 기준입니다.
period-cut = 대상 기간은 { $to }까지이지만 기록은 { $time }에 끝납니다. 보고서도 그 시각까지입니다.
period-early = 첫 점검은 { $day }에 이루어졌으며, 그 이전은 알 수 없습니다.
period-empty = 이 기간에는 점검이 없었습니다.
no-check = 아직 점검한 적이 없습니다.

## The summary.

summary = 요약
summary-end = 기간 말에 관찰 중인 자료원은 { $n }곳입니다: { $counts }.
summary-usual = 관찰을 시작한 이래 줄곧 제한된 자료원: { $n }곳.
summary-changed = 기간 초와 비교하면 나빠진 곳 { $worse }, 나아진 곳 { $better }, 같은 곳 { $same }, 비교할 수 없는 곳 { $other }입니다.
summary-incidents = 장애: 시작 { $began }건, 종료 { $ended }건, 기간 말 진행 중 { $ongoing }건입니다.
summary-seen = 판정할 수 있었던 점검의 { $ok }%에서 평소대로 제공되었고, 예정된 점검의 { $seen }%에서 판정할 수 있었습니다.
summary-unseen = 이 기간에는 이용자가 무엇을 볼 수 있었는지 판정할 수 있는 점검이 없었습니다.
count-item = { $what } { $n }곳

## State and change.

state-heading = 기간 말의 상태와 변화
state-rule = 상태는 당시의 일별 수치와 장애 기록에서 구합니다. 기간 초의 수가 다르면 괄호 안에 적습니다.
state-by-group = 그룹별 자료원
state-by-level = 그룹과 단계별 페이지
state-changed = 상태가 바뀐 자료원
state-unchanged = 기간 초와 기간 말 사이에 상태가 바뀐 자료원은 없습니다.
state-no-start = 기간 초에는 관찰 중인 자료원이 없었습니다.
head-all = 관찰 대상
head-start = 기간 초
head-end = 기간 말
head-reports = 보고
was = { $n } ({ $before })

## The period before.

before-heading = 직전 기간과의 수치 비교
before-note = 직전 기간은 같은 일수입니다: { $from } ~ { $to }.
head-figure = 수치
head-this = 이번 기간
head-before = 직전 기간
figure-due = 예정된 점검
figure-seen = 판정할 수 있었던 점검
figure-availability = 판정할 수 있었던 점검 중 평소대로 제공된 비율
figure-coverage = 예정된 점검 중 판정할 수 있었던 비율
figure-began = 시작된 장애
figure-open = 기간 말에 접속 가능한 자료원
percent = { $n }%

## Incidents.

incidents-heading = 장애
incidents-none = 이 기간에 시작되거나 끝나거나 이어진 장애는 없습니다.
incident-lasted = { $from }부터 { $to }까지.
incident-ongoing = { $from }부터, 기간 말에도 진행 중.
incident-later = { $from }부터, 기간 말에도 진행 중이었고 { $to }에 끝났습니다.
phase-span = { $seen }: { $from } ~ { $to }
phase-since = { $seen }: { $from }부터
incident-places = 관측한 곳: { $places }.
incident-works = 영향 없음: { $what }.
incident-planned = 시작 시점이 예고된 일정에 포함됩니다.
incident-person = { $day }에 사람이 확인: { $result }
incident-own-end = 관측 지점 자체
evidence = 증거
evidence-line = 측정 { $uid }
evidence-record = 보존 기록 { $record }

## Figures.

availability-heading = 가용률과 관측률
availability-note = 백분율은 관측률과 함께 읽습니다. 가용률은 uptime.csv의 열을 세고, 상태별 횟수는 페이지의 상태와 같습니다.
availability-none = 이 기간에 예정된 점검이 없었습니다.
head-availability = 가용률
head-coverage = 관측률
head-outage = 하루 중 가장 긴 중단(시간)
freshness-heading = 최신성
freshness-none = 계열로 보존하는 날짜나 수치가 없습니다.
freshness-note = 기간 중 가장 최근의 값입니다. 지연 일수는 다음 항목이 예정일을 넘긴 날의 수입니다.
head-value = 값
head-newest = 최신
head-expected = 다음 예정일
head-late = 지연 일수

## Links that documents cite.

links-heading = 인용된 링크
links-note = 문서가 인용한 링크를 문서별로, 기록이 끝난 때의 상태로 나타냅니다. 모든 관측 지점에서 거듭 확인된 링크만 사라진 것으로 셉니다.
head-document = 문서
head-links = 링크
link-alive = 제공됨
link-moved = 이전됨
link-drifted = 내용 변경
link-declines = 프로그램 거절
link-unreachable = 연결 안 됨
link-blocked = 거절됨
link-gone = 사라짐
link-unknown = 알 수 없음
survival-heading = 인용된 링크의 유지 기간
survival-note = 처음 인용된 때부터 일정한 시간이 지난 뒤 사라지지 않은 링크의 비율입니다(카플란–마이어 추정, 첫 점검부터 관측에 포함, 괄호 안은 95% 신뢰 구간). 거절되었거나 상태를 알 수 없는 링크는 그때까지만 셉니다. 그만큼 오래 관측하지 못한 칸은 줄표로 나타냅니다.
survival-left-out = 계산에 넣은 링크는 { $counted }개입니다. 제외한 링크: 인용 날짜가 없는 링크 { $undated }개, 첫 점검 전에 이미 사라진 링크 { $already }개, 점검 결과가 없는 링크 { $unseen }개.
head-counted = 계산 수
after-one = 1년 뒤
after-three = 3년 뒤
after-five = 5년 뒤
head-median = 절반이 사라지기까지
years = { $n }년
all-documents = 모든 문서
loss-note = 잃은 링크의 비율을 처음 잃은 방식별로 나타냅니다(올렌–요한센 추정).
head-loss = 처음 잃은 방식

## Method.

method-heading = 방법과 한계
definitions = 용어
vantages-heading = 관측 지점
vantages-note = 모든 내용은 다음 장소에서 관측했습니다. 관측률은 이 기간의 값입니다.
head-place = 장소
head-network = 네트워크
head-outages = 자체 중단
limits = 한계
limits-people = 사람이 브라우저에서 본 내용은 날짜와 함께 각 장애에 적혀 있습니다.
figures-heading = 이 보고서의 근거 수치
figures-note = `accesswatch report --with-tables`가 쓰는 이 기간의 표의 SHA-256 값입니다.
figures-list = 이 목록의 SHA-256: { $sum }
cite-heading = 이 보고서의 인용 방법
cite = accesswatch, “{ $title }” ({ $scope }). 기록 기준 시각: { $time }. 수치의 SHA-256: { $sum }.
