"""One unit's derived signals: which follows from which, and following what changed. Not for single operations: see `operations`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.model.derive import ACTIVE_FAULTS, STOP_REASON, graver_first
from twin_app.model.samples import Kind
from twin_app.model.signal import MODE, STATE
from twin_app.plant import operations as op
from twin_app.plant.heard import Heard
from twin_app.plant.node import Node
from twin_app.plant.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from twin_app.model.derive import Derive, StateRule
    from twin_app.model.equipment import Unit
    from twin_app.model.samples import TextTable
    from twin_app.plant.facts import Links


class Derived:
    """The derived signals of a unit, by name; each a pure function of what was heard and of the unit's links."""

    def __init__(self, unit: Unit, links: Links, texts: TextTable, ideal_cycle_s: float | None) -> None:
        """Lay out what follows from what. `ideal_cycle_s` is the unit's, None where it is not known."""
        self.heard: dict[str, Heard] = {}
        """The signals that something is derived from, by name."""
        self.signals: dict[str, Steps] = {}
        """What is derived, by name."""
        self._links, self._texts, self._cycle_s = links, texts, ideal_cycle_s
        self._rolls_over_at = {spec.name: spec.rolls_over_at for spec in unit.signals}
        self._specs = {spec.name: spec for spec in unit.derives}
        self._nodes: list[Node] = []
        self._add_faults(unit)
        for name in self._specs:
            self._signal(name)
        self._add_rules(STATE, [rule for rule in unit.state_rules if rule.state], [r.state for r in unit.state_rules if r.state])
        self._add_rules(MODE, [rule for rule in unit.state_rules if rule.mode], [r.mode for r in unit.state_rules if r.mode])

    def number(self, name: str) -> Steps:
        """Return a signal of the unit, sent or derived, as a number; to be asked for before anything was heard."""
        return self._number(name)

    def derive(self, from_ns: int) -> dict[Steps, int]:
        """Follow what was heard, and links that changed from `from_ns` on; return from when on each function differs that does."""
        changed: dict[Steps, int] = {}
        for heard in self.heard.values():
            changed |= heard.derive(from_ns)
        if not changed:
            return changed
        for node in self._nodes:
            instants = [changed[steps] for steps in node.inputs if steps in changed]
            if instants and (differs_ns := node.derive(min(instants))) is not None:
                changed[node.out] = differs_ns
        return changed

    def _node(
        self, kind: Kind, inputs: Sequence[Steps], make: op.Operation, out: Steps | None = None, waits_ns: Iterable[int] = ()
    ) -> Steps:
        """Add an operation behind those it follows from."""
        node = Node(Steps(kind) if out is None else out, inputs, make, waits_ns)
        self._nodes.append(node)
        node.assume()
        return node.out

    def _signal(self, name: str) -> Steps:
        """Return a derived signal, laid out once."""
        if name not in self.signals:
            spec = self._specs[name]
            steps = self._laid_out(spec)
            on_ns, off_ns = _ns(spec.on_delay_s), _ns(spec.off_delay_s)
            if on_ns or off_ns:
                out = Steps(Kind.BOOL)
                steps = self._node(Kind.BOOL, [steps], op.delayed(steps, out, on_ns, off_ns), out, (on_ns, off_ns))
            self.signals[name] = steps
        return self.signals[name]

    def _laid_out(self, spec: Derive) -> Steps:
        """Return what a signal's operation makes, before its delays."""
        if spec.values or spec.equals:
            return self._by_word(spec)
        if spec.operands:
            asked = [[self._read(name) for name in group] for group in (spec.all_of, spec.any_of, spec.none_of)]
            return self._node(Kind.BOOL, [self._number(name) for name in spec.operands], op.combined(*asked))
        if spec.count_edges or spec.no_part_s is not None or spec.no_part_cycles is not None:
            return self._counted(spec)
        return self._of_number(spec)

    def _of_number(self, spec: Derive) -> Steps:
        """Return what is made of one number."""
        steps, x = self._number(spec.of), self._read(spec.of)
        if spec.bit is not None:
            return self._node(Kind.NUMBER if spec.bits > 1 else Kind.BOOL, [steps], op.bits(x, spec.bit, spec.bits))
        if spec.above is not None:
            out = Steps(Kind.BOOL)
            return self._node(Kind.BOOL, [steps], op.beyond(x, out, spec.above, spec.hysteresis), out)
        if spec.below is not None:
            out = Steps(Kind.BOOL)
            return self._node(Kind.BOOL, [steps], op.beyond(lambda at: -x(at), out, -spec.below, spec.hysteresis), out)
        return self._node(Kind.NUMBER, [steps], op.linear(x, spec.scale, spec.offset))

    def _counted(self, spec: Derive) -> Steps:
        """Return how often a signal rose, or whether it has not for a while."""
        source, out = self._number(spec.of), Steps(Kind.NUMBER)
        risen = self._node(Kind.NUMBER, [source], op.rises(source, out, self._rolls_over_at.get(spec.of)), out)
        if spec.count_edges:
            return risen
        wait_s = spec.no_part_s if spec.no_part_s is not None else (spec.no_part_cycles or 0.0) * (self._cycle_s or 0.0)
        return self._node(Kind.BOOL, [risen], op.quiet(risen, _ns(wait_s)), waits_ns=(_ns(wait_s),))

    def _by_word(self, spec: Derive) -> Steps:
        """Return what the words of a signal mean."""
        number, word = self._number(spec.of), self._word(spec.of)
        words = op.Words(self._texts, self._read(spec.of), word.at if word is not None else None)
        inputs = [number] if word is None else [number, word]
        if spec.equals:
            return self._node(Kind.BOOL, inputs, op.matching(words, spec.equals))
        table = {key.casefold(): float(self._texts.code(text)) for key, text in spec.values.items()}
        return self._node(Kind.TEXT, inputs, op.named(words, table, self._texts))

    def _number(self, name: str) -> Steps:
        """Return a signal's numbers; a derived text has none."""
        if name in self._specs or name in self.signals:
            steps = self._signal(name)
            return Steps(Kind.NUMBER) if steps.kind is Kind.TEXT else steps
        return self._hear(name).number

    def _read(self, name: str) -> op.Function:
        """Return a signal's numbers as others take them: with what the layout assumes where it is unknown."""
        return op.assuming(self._number(name), self._specs[name].assume if name in self._specs else None)

    def _word(self, name: str) -> Steps | None:
        """Return a signal's words, None where it has none."""
        if name in self._specs or name in self.signals:
            steps = self._signal(name)
            return steps if steps.kind is Kind.TEXT else None
        return self._hear(name).hear_words()

    def _hear(self, name: str) -> Heard:
        """Return a signal that comes from outside."""
        return self.heard.setdefault(name, Heard(self._links))

    def _add_faults(self, unit: Unit) -> None:
        """Lay out a signal for each fault, how many are active, and the text of the gravest."""
        found = list(graver_first(unit.fault_words))
        for word, fault in found:
            steps = self._number(word.of)
            self.signals[fault.name] = self._node(Kind.BOOL, [steps], op.bits(self._read(word.of), fault.bit, 1))
        if not found:
            return
        active = [self.signals[fault.name] for _, fault in found]
        texts = [float(self._texts.code(fault.text)) for _, fault in found]
        conditions = [*(steps.at for steps in active), None]
        reasons = op.first_true(conditions, [*texts, float(self._texts.code(""))])
        self.signals[ACTIVE_FAULTS] = self._node(Kind.NUMBER, active, op.total([steps.at for steps in active]))
        self.signals[STOP_REASON] = self._node(Kind.TEXT, active, reasons)

    def _add_rules(self, name: str, rules: Sequence[StateRule], words: Sequence[str]) -> None:
        """Lay out the state or the mode: what the first rule that holds gives."""
        inputs = [self._number(rule.when) for rule in rules if rule.when]
        if inputs:
            conditions = [self._read(rule.when) if rule.when else None for rule in rules]
            results = [float(self._texts.code(word)) for word in words]
            self.signals[name] = self._node(Kind.TEXT, inputs, op.first_true(conditions, results))


def _ns(seconds: float) -> int:
    """Return a duration in ns."""
    return round(seconds * 1e9)
