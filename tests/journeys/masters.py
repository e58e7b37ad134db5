"""What stands before the first order: files of the ERP, stations, and quality's and training's masters."""

from __future__ import annotations

import json
from pathlib import Path

from integrations.services.demo import FILES, data_directory
from tests.journeys.plant import Plant, Screen

PARTS = data_directory()
CHOSEN = {"scrap_reasons": {"code__from": "1", "name__from": "2", "external_id__from": "1"}}
"""Which column feeds which field, where somebody chooses it on the page."""
STATIONS = (("forming", "WC10"), ("welding", "WC20"), ("subassembly", "WC50"), ("final", "WC60"))


def rows_of(file: str) -> list[str]:
    """The rows of an AdventureWorks file."""
    return (PARTS / f"{file}.csv").read_text(encoding="utf-8").splitlines()


def dry_run(ada: Screen, kind: str, file: Path) -> None:
    """Upload a file and see what would happen: reasons for scrap by choosing columns, the rest by written mappings."""
    ada.go("/integrations/imports/create/")
    ada.page.locator('[name="kind"]').select_option(kind)
    ada.fill(site="Graz")
    ada.attach("file", file)
    if kind in CHOSEN:
        ada.press("Next", "main")
        ada.picture(f"import-{kind}-columns")
        for name, column in CHOSEN[kind].items():
            ada.field(name, "main").select_option(column)
        ada.press("Dry run", "main")
    else:
        ada.page.locator("main summary", has_text="Expert").click()
        ada.fill(mapping=(PARTS / "mappings" / f"{kind}.yaml").read_text(encoding="utf-8"))
        ada.press("Next", "main")
    _see_what_the_worker_says(ada)


def _see_what_the_worker_says(ada: Screen) -> None:
    """A large file is read by the worker; the page of its work leads to the result once it is there."""
    if "/core/jobs/jobs/" in ada.page.url:
        ada.follow("See the result", "#tl-job")


def broken_file_is_refused(plant: Plant) -> None:
    """A row that misses its name is named by line and column, and nothing can be imported."""
    rows = rows_of("ScrapReason")
    broken = plant.folder / "broken.csv"
    broken.write_text("\n".join([*rows[:2], "3\t\t2019-04-30", *rows[3:]]) + "\n", encoding="utf-8")
    ada = plant.desk("ada")
    dry_run(ada, "scrap_reasons", broken)
    ada.says("1 error. Nothing was written")
    line, *_others, said = ada.page.locator("main tbody tr", has_text="wrong").locator("td").all_inner_texts()
    assert line == "3" and said.startswith("column 2 (name): ") or said.startswith("2 (name): "), (line, said)
    assert not ada.page.get_by_role("link", name="Import these rows").count()
    ada.picture("import-refused")


def files_are_imported(plant: Plant) -> None:
    """Every file: a dry run with a verdict per row, then all rows in one transaction."""
    ada = plant.desk("ada")
    for kind, file in FILES.items():
        dry_run(ada, kind, PARTS / f"{file}.csv")
        rows = len(rows_of(file))
        created = f"{rows - skipped_of(kind)} created, 0 changed, 0 unchanged, {skipped_of(kind)} skipped."
        ada.says(created)
        ada.picture(f"import-{kind}-dry")
        ada.follow("Import these rows", "main")
        ada.fill(reason="Opening balance from the ERP")
        ada.sign_and_press("ada")
        _see_what_the_worker_says(ada)
        ada.says("SHA-256 of the file")
        facts = dict(zip(*(ada.page.locator(f"main {tag}").all_inner_texts() for tag in ("dt", "dd")), strict=False))
        assert (facts["Created"], facts["Skipped"]) == (str(rows - skipped_of(kind)), str(skipped_of(kind)))
    ada.picture("import-applied")


def skipped_of(kind: str) -> int:
    """How many rows the mapping leaves out, counted from the file (and, for bills, stated by another program)."""
    if kind == "boms":
        expected = json.loads((PARTS / "expected_public.json").read_text())
        assert expected["bom_rows"] == len(rows_of("BillOfMaterials"))
        return int(expected["bom_roots"])
    if kind == "work_centers":
        return sum(row.split("\t")[2] == ".0000" for row in rows_of("Location"))
    return 0


def second_import_changes_nothing(plant: Plant) -> None:
    """The same file again: every row unchanged."""
    ada = plant.desk("ada")
    dry_run(ada, "lots", PARTS / "ProductInventory.csv")
    ada.says(f"0 created, 0 changed, {len(rows_of('ProductInventory'))} unchanged, 0 skipped.")


def stations_are_set_up(plant: Plant) -> None:
    """Ada makes a terminal at each work center that the frame passes."""
    ada = plant.desk("ada")
    for code, center in STATIONS:
        ada.go(f"/core/organization/work-centers/?q={center}")
        ada.follow(center, "main tbody")
        ada.follow("Terminal", ".tl-head-actions")
        ada.fill(code=code, name=f"Station {code}")
        ada.press()
        ada.says(code)
    ada.picture("terminal")


def quality_is_set_up(plant: Plant) -> None:
    """Quinn's defect codes and curriculum, her rule for overdue work, and Leo's qualification of Anna."""
    quinn = plant.desk("quinn")
    for code, name, severity in (("DIM", "Dimension out of limits", "Major"), ("SURF", "Surface damaged", "Minor")):
        quinn.go("/qms/nonconformance/codes/new/")
        quinn.fill(code=code, name=name, severity=severity)
        quinn.press()
        quinn.says(code)
    quinn.go("/qms/training/curricula/new/")
    quinn.fill(code="WELD-1", name="TIG welding of frames", valid_months="24")
    quinn.press()
    quinn.says("WELD-1")
    leo = plant.desk("leo")
    leo.go("/qms/training/qualifications/new/")
    leo.fill(user="Anna Kowalska", curriculum="WELD-1", basis="Course and trial weld.")
    leo.press()
    leo.says("Anna Kowalska", "WELD-1", "Course and trial weld.", "Renew")
    leo.picture("qualification")
    quinn.go("/core/worklist/rules/new/")
    quinn.fill(kind="Triage", record_type="nonconformance", amount="30", unit="Minutes", to_role="Head of quality")
    quinn.press()
    quinn.says("Triage", "30")
