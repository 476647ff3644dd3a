# What goes to a journal with the paper: every table as a workbook, the matrix, the checklists.
SUBMISSION = ["reports/supplement.xlsx", "reports/framework_matrix.xlsx"]


rule workbook:
    """Every table of the paper on a sheet of a workbook, values at full precision."""
    input:
        **all_tables(),
        facts="results/facts.json",
        **what_was_read(),
    output:
        workbook="reports/supplement.xlsx",
    log:
        "logs/workbook.log",
    params:
        choices=choices_as_data(),
        run=run_as_data(),
        code=code_of("workbook.py"),
    script:
        "../scripts/workbook.py"
